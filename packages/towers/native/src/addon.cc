#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "columns.h"
#include "kernels.h"
#include "pages.h"
#include "row_sums.h"
#include "signals.h"
#include "tensorflow_ops.h"

namespace recall {
namespace {

/** Thrown where an exception is pending in JavaScript; it ends in `guarded`, so that none ever reaches Node. */
struct JsPending {};

[[noreturn]] void refuse(napi_env env, const char* message) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_range_error(env, "HOST_KERNELS_ARGUMENT", message);
  throw JsPending();
}

void check(napi_env env, napi_status status) {
  if (status != napi_ok) refuse(env, "A host kernel was called with a value of another type.");
}

template <typename T>
struct Span {
  T* data = nullptr;
  size_t size = 0;
};

class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    check(env, napi_get_cb_info(env, info, &count, values_, nullptr, nullptr));
  }

  Span<float> floats(size_t i) const { return array<float>(i, napi_float32_array); }
  Span<double> doubles(size_t i) const { return array<double>(i, napi_float64_array); }
  Span<int32_t> ints(size_t i) const { return array<int32_t>(i, napi_int32_array); }

  /** Empty for undefined. */
  Span<int32_t> optional_ints(size_t i) const {
    napi_valuetype type;
    check(env_, napi_typeof(env_, values_[i], &type));
    return type == napi_undefined ? Span<int32_t>{} : ints(i);
  }

  double number(size_t i) const {
    double value;
    check(env_, napi_get_value_double(env_, values_[i], &value));
    return value;
  }

  size_t size(size_t i) const {
    const double value = number(i);
    if (!(value >= 0 && value < 9e15)) refuse(env_, "A size is not a whole number of at least 0.");
    return static_cast<size_t>(value);
  }

  void require(bool condition, const char* message) const {
    if (!condition) refuse(env_, message);
  }

 private:
  template <typename T>
  Span<T> array(size_t i, napi_typedarray_type expected) const {
    napi_typedarray_type type;
    size_t length;
    void* data;
    check(env_, napi_get_typedarray_info(env_, values_[i], &type, &length, &data, nullptr, nullptr));
    require(type == expected, "A host kernel was given a typed array of another type.");
    return {static_cast<T*>(data), length};
  }

  static constexpr size_t kMost = 12;
  const napi_env env_;
  napi_value values_[kMost] = {};
};

/** Arguments `values, stride, offset` from `i` on, of which `rows` rows of `dim` are used. */
Block block(const Arguments& arguments, size_t i, size_t rows, size_t dim) {
  const Span<float> values = arguments.floats(i);
  const Block block{values.data, arguments.size(i + 1), arguments.size(i + 2)};
  const bool fits = rows == 0 || (block.offset + dim <= block.stride && rows * block.stride <= values.size);
  arguments.require(fits, "A block is smaller than its rows.");
  return block;
}

/** Each row in [lowest, rows of the table). */
void check_rows(const Arguments& arguments, Span<int32_t> rows, int32_t lowest, size_t limit) {
  bool fits = true;
  for (size_t i = 0; i < rows.size; i++) fits &= rows.data[i] >= lowest && (rows.data[i] < 0 || size_t(rows.data[i]) < limit);
  arguments.require(fits, "A row is outside of its table.");
}

/** Checks that the lists lie in `total` entries. Gives how many entries the lists that are read have together. */
size_t check_lists(const Arguments& arguments, const Lists& lists, size_t offsets, size_t total) {
  bool fits = true;
  size_t entries = 0;
  for (size_t i = 0; fits && i < lists.count; i++) {
    const size_t list = lists.list(i);
    fits = list + 1 < offsets && lists.offsets[list] >= 0 && lists.offsets[list] <= lists.offsets[list + 1] &&
           size_t(lists.offsets[list + 1]) <= total;
    if (fits) entries += lists.offsets[list + 1] - lists.offsets[list];
  }
  arguments.require(fits, "A list is outside of its rows.");
  return entries;
}

/** `(table, dim, rows, values, stride, offset)` */
void look_up_call(const Arguments& arguments) {
  const Span<float> table = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> rows = arguments.ints(2);
  arguments.require(dim > 0, "A table has no columns.");
  check_rows(arguments, rows, INT32_MIN, table.size / dim);
  look_up(table.data, dim, rows.data, rows.size, block(arguments, 3, rows.size, dim));
}

/** `(table, dim, offsets, rows, picks?, values, stride, offset)` */
void look_up_mean_call(const Arguments& arguments) {
  const Span<float> table = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> offsets = arguments.ints(2), rows = arguments.ints(3), picks = arguments.optional_ints(4);
  arguments.require(dim > 0 && offsets.size > 0, "A table has no columns, or lists have no offsets.");
  const Lists lists{offsets.data, rows.data, picks.data, picks.data ? picks.size : offsets.size - 1};
  check_lists(arguments, lists, offsets.size, rows.size);
  bool fits = true;
  for (size_t i = 0; i < lists.count; i++) {
    for (int32_t at = offsets.data[lists.list(i)]; at < offsets.data[lists.list(i) + 1]; at++) {
      fits &= rows.data[at] >= 0 && size_t(rows.data[at]) < table.size / dim;
    }
  }
  arguments.require(fits, "A row is outside of its table.");
  look_up_mean(table.data, dim, lists, block(arguments, 5, lists.count, dim));
}

/** `(sums, dim, slots, values, stride, offset)` */
void add_rows_call(const Arguments& arguments) {
  const Span<float> sums = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> slots = arguments.ints(2);
  arguments.require(dim > 0, "A table has no columns.");
  check_rows(arguments, slots, INT32_MIN, sums.size / dim);
  add_rows({sums.data, dim}, slots.data, slots.size, block(arguments, 3, slots.size, dim));
}

/** `(sums, dim, slots, offsets, picks?, values, stride, offset)` */
void add_means_call(const Arguments& arguments) {
  const Span<float> sums = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> slots = arguments.ints(2), offsets = arguments.ints(3), picks = arguments.optional_ints(4);
  arguments.require(dim > 0 && offsets.size > 0, "A table has no columns, or lists have no offsets.");
  const Lists lists{offsets.data, nullptr, picks.data, picks.data ? picks.size : offsets.size - 1};
  const size_t entries = check_lists(arguments, lists, offsets.size, INT32_MAX);
  arguments.require(entries == slots.size, "There is not one slot for each entry of the lists.");
  check_rows(arguments, slots, 0, sums.size / dim);
  add_means({sums.data, dim}, slots.data, lists, block(arguments, 5, lists.count, dim));
}

/** `beta1, beta2, epsilon, stepSize, secondMomentScale, gradientScale` from `i` on */
AdamCoefficients coefficients(const Arguments& arguments, size_t i) {
  return {arguments.number(i),     arguments.number(i + 1), arguments.number(i + 2),
          arguments.number(i + 3), arguments.number(i + 4), arguments.number(i + 5)};
}

/** Parameter, first and second moment, of one length. */
AdamArrays adam_arrays(const Arguments& arguments, size_t* size) {
  const Span<float> parameter = arguments.floats(0), first = arguments.floats(1), second = arguments.floats(2);
  arguments.require(first.size == parameter.size && second.size == parameter.size,
                    "A parameter and its moments differ in length.");
  *size = parameter.size;
  return {parameter.data, first.data, second.data};
}

/** `(parameter, first, second, gradient, …coefficients)` */
void update_dense_call(const Arguments& arguments) {
  size_t size;
  const AdamArrays arrays = adam_arrays(arguments, &size);
  const Span<float> gradient = arguments.floats(3);
  arguments.require(gradient.size == size, "A gradient is not as long as its parameter.");
  update_dense(arrays, gradient.data, size, coefficients(arguments, 4));
}

/** `(parameter, first, second, gradient, rows, dim, …coefficients)` */
void update_rows_call(const Arguments& arguments) {
  size_t size;
  const AdamArrays arrays = adam_arrays(arguments, &size);
  const Span<float> gradient = arguments.floats(3);
  const Span<int32_t> rows = arguments.ints(4);
  const size_t dim = arguments.size(5);
  arguments.require(dim > 0 && gradient.size == rows.size * dim, "A gradient is not as long as its rows.");
  check_rows(arguments, rows, 0, size / dim);
  update_rows(arrays, dim, rows.data, rows.size, gradient.data, coefficients(arguments, 6));
}

/** Argument `i`, cut into rows as long as the sums `[columns]`. */
Matrix matrix(const Arguments& arguments, size_t i, Span<double> sums) {
  const Span<float> values = arguments.floats(i);
  arguments.require(sums.size > 0 && values.size % sums.size == 0, "A matrix is not made of whole rows.");
  return {values.data, values.size / sums.size, sums.size};
}

/** `(x, sums)` */
void sum_columns_call(const Arguments& arguments) {
  const Span<double> sums = arguments.doubles(1);
  sum_columns(matrix(arguments, 0, sums), sums.data);
}

/** `(x, centre, sums)` */
void sum_squared_deviations_call(const Arguments& arguments) {
  const Span<double> centre = arguments.doubles(1), sums = arguments.doubles(2);
  arguments.require(centre.size == sums.size, "A centre is not as wide as the sums.");
  sum_squared_deviations(matrix(arguments, 0, sums), centre.data, sums.data);
}

/** `(y, x, centre, sums)` */
void sum_of_products_call(const Arguments& arguments) {
  const Span<float> x = arguments.floats(1);
  const Span<double> centre = arguments.doubles(2), sums = arguments.doubles(3);
  const Matrix y = matrix(arguments, 0, sums);
  arguments.require(centre.size == sums.size && x.size == y.rows * y.columns, "Two matrices differ in shape.");
  sum_of_products(y, x.data, centre.data, sums.data);
}

/** `(x, columns, turned)` */
void transpose_call(const Arguments& arguments) {
  const Span<float> x = arguments.floats(0), turned = arguments.floats(2);
  const size_t columns = arguments.size(1);
  arguments.require(columns > 0 && x.size % columns == 0 && turned.size == x.size, "A transpose has another size.");
  transpose({x.data, x.size / columns, columns}, turned.data);
}

using Call = void (*)(const Arguments&);

template <Call call>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    call(Arguments(env, info));
  } catch (const JsPending&) {
  } catch (...) {
    napi_throw_error(env, "HOST_KERNELS_FAILED", "A host kernel failed, for want of memory or threads.");
  }
  return nullptr;
}

/** `(values): number` */
napi_value sum_of_squares_call(napi_env env, napi_callback_info info) {
  try {
    const Span<float> values = Arguments(env, info).floats(0);
    napi_value result;
    check(env, napi_create_double(env, sum_of_squares(values.data, values.size), &result));
    return result;
  } catch (const JsPending&) {
    return nullptr;
  }
}

/** `(): boolean` */
napi_value register_ops_call(napi_env env, napi_callback_info) {
  try {
    napi_value result;
    check(env, napi_get_boolean(env, register_ops(), &result));
    return result;
  } catch (...) {
    return nullptr;
  }
}

/** `(values)` */
void prefer_huge_pages_call(const Arguments& arguments) {
  const Span<float> values = arguments.floats(0);
  prefer_huge_pages(values.data, values.size * sizeof(float));
}

void block_signals_call(const Arguments&) { block_signals(); }

void define(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
  check(env, napi_set_named_property(env, exports, name, function));
}

}  // namespace
}  // namespace recall

NAPI_MODULE_INIT() {
  using namespace recall;
  try {
    define(env, exports, "lookUp", guarded<look_up_call>);
    define(env, exports, "lookUpMean", guarded<look_up_mean_call>);
    define(env, exports, "addRows", guarded<add_rows_call>);
    define(env, exports, "addMeans", guarded<add_means_call>);
    define(env, exports, "updateDense", guarded<update_dense_call>);
    define(env, exports, "updateRows", guarded<update_rows_call>);
    define(env, exports, "sumColumns", guarded<sum_columns_call>);
    define(env, exports, "sumSquaredDeviations", guarded<sum_squared_deviations_call>);
    define(env, exports, "sumOfProducts", guarded<sum_of_products_call>);
    define(env, exports, "transpose", guarded<transpose_call>);
    define(env, exports, "sumOfSquares", sum_of_squares_call);
    define(env, exports, "preferHugePages", guarded<prefer_huge_pages_call>);
    define(env, exports, "registerOps", register_ops_call);
    define(env, exports, "blockSignals", guarded<block_signals_call>);
    return exports;
  } catch (const JsPending&) {
    return nullptr;
  }
}
