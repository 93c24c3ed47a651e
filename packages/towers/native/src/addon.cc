#include <cstddef>
#include <cstdint>

#include "columns.h"
#include "kernels.h"
#include "napi_support.h"
#include "pages.h"
#include "pooled_lists.h"
#include "products_bf16.h"
#include "row_sums.h"
#include "signals.h"
#include "softmax_loss.h"
#include "standard_error.h"
#include "tensorflow_ops.h"

namespace recall {
namespace {

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

/** Arguments `powers, norms, scales, length` from `i` on, for lists that are not longer. */
AgeWeights age_weights(const Arguments& arguments, size_t i, const Lists& lists) {
  const Span<float> powers = arguments.floats(i), norms = arguments.floats(i + 1);
  const AgeWeights weights{powers.data, norms.data, arguments.size(i + 2), arguments.size(i + 3)};
  arguments.require(weights.scales > 0 && powers.size == weights.scales * weights.length &&
                        norms.size == weights.scales * (weights.length + 1),
                    "The weights by age are not as many as the scales and the length say.");
  bool fits = true;
  for (size_t list = 0; list < lists.count; list++) {
    fits &= size_t(lists.offsets[list + 1] - lists.offsets[list]) <= weights.length;
  }
  arguments.require(fits, "A list is longer than the weights by age.");
  return weights;
}

/** Argument i, one factor for each entry of the lists; null where all count alike. */
const float* entry_factors(const Arguments& arguments, size_t i, size_t entries) {
  const Span<float> factors = arguments.is_null(i) ? Span<float>{} : arguments.floats(i);
  arguments.require(factors.data == nullptr || factors.size == entries,
                    "There is not one factor for each entry of the lists.");
  return factors.data;
}

/** `(table, dim, offsets, rows, powers, norms, scales, length, values, factors?)` */
void pool_lists_call(const Arguments& arguments) {
  const Span<float> table = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> offsets = arguments.ints(2), rows = arguments.ints(3);
  arguments.require(dim > 0 && offsets.size > 0, "A table has no columns, or lists have no offsets.");
  const Lists lists{offsets.data, rows.data, nullptr, offsets.size - 1};
  check_lists(arguments, lists, offsets.size, rows.size);
  check_rows(arguments, rows, 0, table.size / dim);
  const AgeWeights weights = age_weights(arguments, 4, lists);
  const Span<float> values = arguments.floats(8);
  const size_t width = weights.scales * dim;
  arguments.require(values.size >= lists.count * width, "A block is smaller than its rows.");
  const float* const factors = entry_factors(arguments, 9, rows.size);
  pool_lists(table.data, dim, lists, weights, factors, {values.data, width, 0});
}

/** `(sums, dim, slots, offsets, powers, norms, scales, length, values, factors?)` */
void add_pooled_call(const Arguments& arguments) {
  const Span<float> sums = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> slots = arguments.ints(2), offsets = arguments.ints(3);
  arguments.require(dim > 0 && offsets.size > 0, "A table has no columns, or lists have no offsets.");
  const Lists lists{offsets.data, nullptr, nullptr, offsets.size - 1};
  const size_t entries = check_lists(arguments, lists, offsets.size, INT32_MAX);
  arguments.require(entries == slots.size, "There is not one slot for each entry of the lists.");
  check_rows(arguments, slots, 0, sums.size / dim);
  const AgeWeights weights = age_weights(arguments, 4, lists);
  const Span<float> values = arguments.floats(8);
  const size_t width = weights.scales * dim;
  arguments.require(values.size >= lists.count * width, "A block is smaller than its rows.");
  // Factors stand at the places of the entries, and the last list ends with the last of them.
  const float* const factors = entry_factors(arguments, 9, offsets.data[lists.count]);
  add_pooled({sums.data, dim}, slots.data, lists, weights, factors, {values.data, width, 0});
}

/** `(table, dim, offsets, rows, powers, norms, scales, length, gradient, factors, slopes)` */
void factor_slopes_call(const Arguments& arguments) {
  const Span<float> table = arguments.floats(0);
  const size_t dim = arguments.size(1);
  const Span<int32_t> offsets = arguments.ints(2), rows = arguments.ints(3);
  arguments.require(dim > 0 && offsets.size > 0, "A table has no columns, or lists have no offsets.");
  const Lists lists{offsets.data, rows.data, nullptr, offsets.size - 1};
  check_lists(arguments, lists, offsets.size, rows.size);
  check_rows(arguments, rows, 0, table.size / dim);
  const AgeWeights weights = age_weights(arguments, 4, lists);
  const Span<float> gradient = arguments.floats(8), factors = arguments.floats(9), slopes = arguments.floats(10);
  const size_t width = weights.scales * dim;
  arguments.require(gradient.size >= lists.count * width, "A block is smaller than its rows.");
  arguments.require(factors.size == rows.size && slopes.size == rows.size,
                    "There is not one factor for each entry of the lists.");
  factor_slopes(table.data, dim, lists, weights, factors.data, {gradient.data, width, 0}, slopes.data);
}

/** `beta1, beta2, epsilon, stepSize, secondMomentScale, gradientScale, kept` from `i` on */
AdamCoefficients coefficients(const Arguments& arguments, size_t i) {
  return {arguments.number(i),     arguments.number(i + 1), arguments.number(i + 2),
          arguments.number(i + 3), arguments.number(i + 4), arguments.number(i + 5),
          arguments.number(i + 6)};
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

/** `(values): number` */
napi_value sum_of_squares_call(napi_env env, const Arguments& arguments) {
  const Span<float> values = arguments.floats(0);
  return make_number(env, sum_of_squares(values.data, values.size));
}

/** `(): boolean` */
napi_value register_ops_call(napi_env env, const Arguments&) { return make_flag(env, register_ops()); }

/** `(): boolean` */
napi_value has_bf16_products_call(napi_env env, const Arguments&) { return make_flag(env, has_bf16_products()); }

/** `(values)` */
void prefer_huge_pages_call(const Arguments& arguments) {
  const Span<float> values = arguments.floats(0);
  prefer_huge_pages(values.data, values.size * sizeof(float));
}

void block_signals_call(const Arguments&) { block_signals(); }

/** `(): number` */
napi_value mute_standard_error_call(napi_env env, const Arguments&) { return make_number(env, mute_standard_error()); }

/** `(copy)` */
void restore_standard_error_call(const Arguments& arguments) {
  restore_standard_error(static_cast<int>(arguments.number(0)));
}

}  // namespace
}  // namespace recall

NAPI_MODULE_INIT() {
  using namespace recall;
  return guard(env, [&] {
    define<look_up_call>(env, exports, "lookUp");
    define<look_up_mean_call>(env, exports, "lookUpMean");
    define<add_rows_call>(env, exports, "addRows");
    define<add_means_call>(env, exports, "addMeans");
    define<pool_lists_call>(env, exports, "poolLists");
    define<add_pooled_call>(env, exports, "addPooled");
    define<factor_slopes_call>(env, exports, "factorSlopes");
    define<update_dense_call>(env, exports, "updateDense");
    define<update_rows_call>(env, exports, "updateRows");
    define<sum_columns_call>(env, exports, "sumColumns");
    define<sum_squared_deviations_call>(env, exports, "sumSquaredDeviations");
    define<sum_of_products_call>(env, exports, "sumOfProducts");
    define<transpose_call>(env, exports, "transpose");
    define<sum_of_squares_call>(env, exports, "sumOfSquares");
    define<prefer_huge_pages_call>(env, exports, "preferHugePages");
    define<has_bf16_products_call>(env, exports, "hasBfloat16Products");
    define<register_ops_call>(env, exports, "registerFusedOps");
    define<block_signals_call>(env, exports, "blockSignals");
    define<mute_standard_error_call>(env, exports, "muteStandardError");
    define<restore_standard_error_call>(env, exports, "restoreStandardError");
    return exports;
  });
}
