#include "sequence_ops.h"

#include "pool_loss.h"
#include "products_bf16.h"
#include "relu_layer.h"
#include "sequence_rows.h"
#include "transformer_block.h"

namespace recall {
namespace {

size_t size_of(int64_t dim) { return static_cast<size_t>(dim); }

/** Of a scalar that says whether products are of bfloat16. */
Precision precision_of(const Input& bfloat16) {
  if (scalar_of<uint8_t>(bfloat16) == 0) return Precision::float32;
  require(has_bf16_products(), "This processor has no products of bfloat16.");
  return Precision::bfloat16;
}

/** Offsets `[count + 1]`, rising from 0 to `end`. */
void require_offsets(const Input& offsets, int64_t end) {
  require(offsets.shape().size() == 1 && offsets.size() > 0, "There are no offsets.");
  const int32_t* values = offsets.data<int32_t>();
  bool fits = values[0] == 0 && values[offsets.size() - 1] == end;
  for (size_t i = 1; i < offsets.size(); i++) fits &= values[i - 1] <= values[i];
  require(fits, "Offsets do not cut the rows.");
}

/** Of units `[rows, columns]`, or empty where all are kept. */
Kept kept_of(const Input& units, int64_t rows, int64_t columns, float scale) {
  if (units.size() > 0) units.require_shape({rows, columns});
  return {units.optional<uint8_t>(), scale};
}

/** `(items, start, offsets, kept, scale, keptScale)` → rows */
void sequence_rows_kernel(const Context& context) {
  const Input items = context.input(0), start = context.input(1), offsets = context.input(2), kept = context.input(3);
  require(items.shape().size() == 2, "An input is no matrix, or an empty one.");
  const int64_t entries = items.shape()[0], dim = items.shape()[1];
  start.require_shape({1, dim});
  require_offsets(offsets, entries);
  const int64_t count = static_cast<int64_t>(offsets.size()) - 1;
  const SequenceRows sequences{offsets.data<int32_t>(), size_of(count), size_of(dim),
                               scalar_of<float>(context.input(4)),
                               kept_of(kept, entries, dim, scalar_of<float>(context.input(5)))};
  lay_out_sequences(sequences, items.data<float>(), start.data<float>(), context.output(0, {entries + count, dim}));
}

/** `(gradient, offsets, kept, scale, keptScale)` → gradients of `(items, start)` */
void sequence_rows_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), offsets = context.input(1), kept = context.input(2);
  const auto [rows, dim] = matrix_of(gradient);
  const int64_t count = static_cast<int64_t>(offsets.size()) - 1;
  require_offsets(offsets, rows - count);
  const SequenceRows sequences{offsets.data<int32_t>(), size_of(count), size_of(dim),
                               scalar_of<float>(context.input(3)),
                               kept_of(kept, rows - count, dim, scalar_of<float>(context.input(4)))};
  float* of_items = context.output(0, {rows - count, dim});
  lay_out_sequences_gradient(sequences, gradient.data<float>(), of_items, context.output(1, {1, dim}));
}

const int32_t* reads_of(const Input& reads, int64_t rows) {
  require(reads.shape().size() == 1, "Reads are no list.");
  bool fits = true;
  for (size_t i = 0; i < reads.size(); i++) {
    const int32_t row = reads.data<int32_t>()[i];
    fits &= row >= 0 && row < rows;
  }
  require(fits, "A row is outside of its matrix.");
  return reads.data<int32_t>();
}

/** `(x, reads, scale, epsilon)` → `(value, normal, inverse)` */
void normal_rows_kernel(const Context& context) {
  const Input x = context.input(0), reads = context.input(1), scale = context.input(2);
  const auto [rows, dim] = matrix_of(x);
  scale.require_shape({dim});
  const int64_t count = static_cast<int64_t>(reads.size());
  const NormalRows read{reads_of(reads, rows), size_of(count), size_of(dim), scale.data<float>()};
  float *value = context.output(0, {count, dim}), *normal = context.output(1, {count, dim});
  read_normal_rows(read, x.data<float>(), scalar_of<float>(context.input(3)), value, normal,
                   context.output(2, {count}));
}

/** `(gradient, normal, inverse, reads, scale, rows)` → gradients of `(x, scale)` */
void normal_rows_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), normal = context.input(1), inverse = context.input(2),
              reads = context.input(3), scale = context.input(4);
  const int64_t rows = scalar_of<int32_t>(context.input(5));
  const auto [count, dim] = matrix_of(normal);
  gradient.require_shape({count, dim});
  inverse.require_shape({count});
  reads.require_shape({count});
  scale.require_shape({dim});
  require(rows >= 0, "A row is outside of its matrix.");
  const NormalRows read{reads_of(reads, rows), size_of(count), size_of(dim), scale.data<float>()};
  float* of_x = context.output(0, {rows, dim});
  read_normal_rows_gradient(read, gradient.data<float>(), normal.data<float>(), inverse.data<float>(), size_of(rows),
                            of_x, context.output(1, {dim}));
}

constexpr int kBlockWeights = 12;

/** The inputs of both ops of a block from `first` on, held while the block is in use. */
class BlockInput {
 public:
  BlockInput(const Context& context, int first, Shape shape)
      : offsets_(context.input(first)),
        kept_{context.input(first + 1), context.input(first + 2), context.input(first + 3)} {
    const int64_t dim = shape.columns;
    require_offsets(offsets_, shape.rows);
    const float kept_scale = scalar_of<float>(context.input(first + 4));
    block_.epsilon = scalar_of<float>(context.input(first + 5));
    block_.precision = precision_of(context.input(first + 6));
    // The op holds on to its inputs while it runs.
    const float* values[kBlockWeights];
    for (int i = 0; i < kBlockWeights; i++) {
      const Input weight = context.input(first + 7 + i);
      if (i == kBlockWeights - 1) set_heads(weight, dim);
      else if (is_bias(i)) weight.require_shape({dim});
      else weight.require_shape({dim, dim});
      values[i] = weight.data<float>();
    }
    block_.weights = {values[0], values[1], values[2], values[3], values[4],  values[5],
                      values[6], values[7], values[8], values[9], values[10], values[11]};
    block_.dim = size_of(dim);
    block_.offsets = offsets_.data<int32_t>();
    block_.count = offsets_.size() - 1;
    for (int i = 0; i < 3; i++) block_.kept[i] = kept_of(kept_[i], shape.rows, dim, kept_scale);
    require(block_.longest() <= block_.ages, "A sequence is longer than there are ages.");
  }

  const TransformerBlock& block() const { return block_; }

  /** In the order query, its bias, key, value, its bias, output, its bias, inner, its bias, outer, its bias, ages. */
  static bool is_bias(int weight) { return weight == 1 || weight == 4 || weight == 6 || weight == 8 || weight == 10; }

 private:
  void set_heads(const Input& ages, int64_t dim) {
    const Shape shape = matrix_of(ages);
    require(dim % shape.rows == 0, "Heads do not divide the columns.");
    block_.heads = size_of(shape.rows);
    block_.ages = size_of(shape.columns);
  }

  Input offsets_;
  Input kept_[3];
  TransformerBlock block_{};
};

/** `(x, offsets, kept ×3, keptScale, epsilon, bfloat16, weights ×12)` → `(value, saved)` */
void transformer_block_kernel(const Context& context) {
  const Input x = context.input(0);
  const Shape shape = matrix_of(x);
  const BlockInput input(context, 1, shape);
  float* value = context.output(0, {shape.rows, shape.columns});
  run_block(input.block(), x.data<float>(), value,
            context.output(1, {static_cast<int64_t>(saved_size(input.block()))}));
}

/** `(gradient, saved, offsets, kept ×3, keptScale, epsilon, bfloat16, weights ×12)` → gradients of `(x, weights ×12)` */
void transformer_block_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), saved = context.input(1);
  const Shape shape = matrix_of(gradient);
  const BlockInput input(context, 2, shape);
  const TransformerBlock& block = input.block();
  saved.require_shape({static_cast<int64_t>(saved_size(block))});
  const int64_t dim = shape.columns;
  float* of_x = context.output(0, {shape.rows, dim});
  float* out[kBlockWeights];
  for (int i = 0; i < kBlockWeights - 1; i++) {
    out[i] = BlockInput::is_bias(i) ? context.output(i + 1, {dim}) : context.output(i + 1, {dim, dim});
  }
  out[kBlockWeights - 1] = context.output(
      kBlockWeights, {static_cast<int64_t>(block.heads), static_cast<int64_t>(block.ages)});
  run_block_gradient(block, gradient.data<float>(), saved.data<float>(),
                     {of_x, out[0], out[1], out[2], out[3], out[4], out[5], out[6], out[7], out[8], out[9], out[10],
                      out[11]});
}

/** `(users, items, ids, bias, weights, bfloat16)` → `(loss, of_users, of_items)` */
void pool_loss_kernel(const Context& context) {
  const Input users = context.input(0), items = context.input(1), ids = context.input(2), bias = context.input(3),
              weights = context.input(4);
  const auto [count, dim] = matrix_of(users);
  const Shape of_items = matrix_of(items);
  const int64_t pool = of_items.rows - count;
  require(pool > 0 && of_items.columns == dim, "The vectors of items do not fit those of users.");
  ids.require_shape({of_items.rows});
  weights.require_shape({count});
  if (bias.size() > 0) bias.require_shape({pool});
  const PoolContrast contrast{size_of(count),        size_of(pool),        size_of(dim),
                              users.data<float>(),   items.data<float>(),  ids.data<int32_t>(),
                              bias.optional<float>(), weights.data<float>(), precision_of(context.input(5))};
  float* loss = context.output(0, {});
  float* user_gradient = context.output(1, {count, dim});
  *loss = pool_loss(contrast, user_gradient, context.output(2, {of_items.rows, dim}));
}

ReluLayer layer_of(const Input& x, int64_t outputs, const Input& bfloat16) {
  const auto [rows, inputs] = matrix_of(x);
  return {size_of(rows), size_of(inputs), size_of(outputs), x.data<float>(), precision_of(bfloat16)};
}

/** `(x, weight, bias, bfloat16)` → value */
void relu_layer_kernel(const Context& context) {
  const Input x = context.input(0), weight = context.input(1), bias = context.input(2);
  const auto [rows, inputs] = matrix_of(x);
  const int64_t outputs = matrix_of(weight).columns;
  weight.require_shape({inputs, outputs});
  bias.require_shape({outputs});
  relu_layer(layer_of(x, outputs, context.input(3)), weight.data<float>(), bias.data<float>(),
             context.output(0, {rows, outputs}));
}

/** `(gradient, value, x, bfloat16)` → gradients of `(weight, bias)` */
void relu_layer_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), value = context.input(1), x = context.input(2);
  const auto [rows, outputs] = matrix_of(value);
  const Shape shape = matrix_of(x);
  gradient.require_shape({rows, outputs});
  require(shape.rows == rows, "Two matrices differ in their rows.");
  float* of_weight = context.output(0, {shape.columns, outputs});
  relu_layer_gradient(layer_of(x, outputs, context.input(3)), gradient.data<float>(), value.data<float>(), of_weight,
                      context.output(1, {outputs}));
}

}  // namespace

std::vector<Op> sequence_ops() {
  return {
      {"VectorRecallSequenceRows",
       {"items: float", "start: float", "offsets: int32", "kept: bool", "scale: float", "kept_scale: float"},
       {"rows: float"},
       compute<sequence_rows_kernel>},
      {"VectorRecallSequenceRowsGradient",
       {"gradient: float", "offsets: int32", "kept: bool", "scale: float", "kept_scale: float"},
       {"of_items: float", "of_start: float"},
       compute<sequence_rows_gradient_kernel>},
      {"VectorRecallNormalRows",
       {"x: float", "reads: int32", "scale: float", "epsilon: float"},
       {"value: float", "normal: float", "inverse: float"},
       compute<normal_rows_kernel>},
      {"VectorRecallNormalRowsGradient",
       {"gradient: float", "normal: float", "inverse: float", "reads: int32", "scale: float", "rows: int32"},
       {"of_x: float", "of_scale: float"},
       compute<normal_rows_gradient_kernel>},
      {"VectorRecallTransformerBlock",
       {"x: float", "offsets: int32", "kept_attended: bool", "kept_inner: bool", "kept_outer: bool",
        "kept_scale: float", "epsilon: float", "bfloat16: bool", "query: float", "query_bias: float", "key: float",
        "value_weight: float", "value_bias: float", "output: float", "output_bias: float", "inner: float",
        "inner_bias: float", "outer: float", "outer_bias: float", "ages: float"},
       {"value: float", "saved: float"},
       compute<transformer_block_kernel>},
      {"VectorRecallTransformerBlockGradient",
       {"gradient: float", "saved: float", "offsets: int32", "kept_attended: bool", "kept_inner: bool",
        "kept_outer: bool", "kept_scale: float", "epsilon: float", "bfloat16: bool", "query: float",
        "query_bias: float", "key: float", "value: float", "value_bias: float", "output: float", "output_bias: float",
        "inner: float", "inner_bias: float", "outer: float", "outer_bias: float", "ages: float"},
       {"of_x: float", "of_query: float", "of_query_bias: float", "of_key: float", "of_value: float",
        "of_value_bias: float", "of_output: float", "of_output_bias: float", "of_inner: float",
        "of_inner_bias: float", "of_outer: float", "of_outer_bias: float", "of_ages: float"},
       compute<transformer_block_gradient_kernel>},
      {"VectorRecallPoolLoss",
       {"users: float", "items: float", "ids: int32", "bias: float", "weights: float", "bfloat16: bool"},
       {"loss: float", "of_users: float", "of_items: float"},
       compute<pool_loss_kernel>},
      {"VectorRecallReluLayer",
       {"x: float", "weight: float", "bias: float", "bfloat16: bool"},
       {"value: float"},
       compute<relu_layer_kernel>},
      {"VectorRecallReluLayerGradient",
       {"gradient: float", "value: float", "x: float", "bfloat16: bool"},
       {"of_weight: float", "of_bias: float"},
       compute<relu_layer_gradient_kernel>},
  };
}

}  // namespace recall
