#include "tensorflow_ops.h"

#include "hidden_layer.h"
#include "sequence_ops.h"
#include "softmax_loss.h"
#include "tensorflow_kernel.h"
#include "unit_rows.h"

namespace recall {
namespace {

/** Of `[columns]`, `[rows, columns]`, or empty for nothing. */
template <typename T>
PerColumn<T> per_column(const Input& input, Shape shape) {
  if (input.shape().size() == 2) {
    input.require_shape({shape.rows, shape.columns});
    return {input.optional<T>(), static_cast<size_t>(shape.columns)};
  }
  if (input.size() > 0) input.require_shape({shape.columns});
  return {input.optional<T>(), 0};
}

/** `(scores, labels, bias, items, weights)` → `(losses, gradient)` */
void softmax_loss_kernel(const Context& context) {
  const Input scores = context.input(0), labels = context.input(1), bias = context.input(2), items = context.input(3),
              weights = context.input(4);
  const Shape shape = matrix_of(scores);
  labels.require_shape({shape.rows});
  weights.require_shape({shape.rows});
  for (int64_t i = 0; i < shape.rows; i++) {
    const int32_t label = labels.data<int32_t>()[i];
    require(label >= 0 && label < shape.columns, "A label is no column.");
  }
  const Contrast contrast{scores.data<float>(),
                          static_cast<size_t>(shape.rows),
                          static_cast<size_t>(shape.columns),
                          labels.data<int32_t>(),
                          per_column<float>(bias, shape),
                          per_column<int32_t>(items, shape),
                          weights.data<float>()};
  float* losses = context.output(0, {shape.rows});
  softmax_loss(contrast, losses, context.output(1, {shape.rows, shape.columns}));
}

HiddenLayer layer_of(const Input& input, const Input& scale, const uint8_t* kept) {
  const Shape shape = matrix_of(input);
  scale.require_shape({shape.columns});
  return {static_cast<size_t>(shape.rows), static_cast<size_t>(shape.columns), input.data<float>(), scale.data<float>(),
          kept};
}

/** `(input, scale, offset, kept, epsilon)` → `(value, mean, variance, inverse)` */
void hidden_layer_kernel(const Context& context) {
  const Input input = context.input(0), scale = context.input(1), offset = context.input(2), kept = context.input(3),
              epsilon = context.input(4);
  const auto [rows, columns] = matrix_of(input);
  offset.require_shape({columns});
  epsilon.require_shape({});
  if (kept.size() > 0) kept.require_shape({rows, columns});
  float* value = context.output(0, {rows, columns});
  const ColumnMoments moments{context.output(1, {columns}), context.output(2, {columns}), context.output(3, {columns})};
  normalize_and_drop(layer_of(input, scale, kept.optional<uint8_t>()), offset.data<float>(), *epsilon.data<float>(),
                     moments, value);
}

/** `(gradient, value, input, scale, mean, inverse)` → gradients of `(input, scale, offset)` */
void hidden_layer_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), value = context.input(1), input = context.input(2), scale = context.input(3),
              mean = context.input(4), inverse = context.input(5);
  const auto [rows, columns] = matrix_of(input);
  for (const Input* matrix : {&gradient, &value}) matrix->require_shape({rows, columns});
  for (const Input* column : {&mean, &inverse}) column->require_shape({columns});
  float* of_input = context.output(0, {rows, columns});
  float* of_scale = context.output(1, {columns});
  normalize_and_drop_gradient(layer_of(input, scale, nullptr), gradient.data<float>(), value.data<float>(),
                              mean.data<float>(), inverse.data<float>(), of_input, of_scale,
                              context.output(2, {columns}));
}

/** `(x, epsilon)` → `(value, inverse)` */
void unit_rows_kernel(const Context& context) {
  const Input x = context.input(0), epsilon = context.input(1);
  const auto [rows, columns] = matrix_of(x);
  epsilon.require_shape({});
  float* value = context.output(0, {rows, columns});
  unit_rows(x.data<float>(), rows, columns, *epsilon.data<float>(), value, context.output(1, {rows}));
}

/** `(parts…, columns, epsilon)` → `(value, inverse)` */
void unit_rows_of_sums_kernel(const Context& context) {
  const int count = context.inputs() - 2;
  const int32_t columns = scalar_of<int32_t>(context.input(count));
  const float epsilon = scalar_of<float>(context.input(count + 1));
  require(columns > 0, "A sum has no columns.");
  std::vector<Part> parts;
  int64_t rows = 0;
  for (int i = 0; i < count; i++) {
    const Input part = context.input(i);
    const Shape shape = matrix_of(part);
    require((i == 0 || shape.rows == rows) && shape.columns % columns == 0, "A part of a sum has another shape.");
    rows = shape.rows;
    // The op holds on to its inputs while it runs.
    parts.push_back({part.data<float>(), static_cast<size_t>(shape.columns / columns)});
  }
  float* value = context.output(0, {rows, columns});
  unit_rows_of_sums(parts.data(), parts.size(), static_cast<size_t>(rows), static_cast<size_t>(columns), epsilon, value,
                    context.output(1, {rows}));
}

/** `(gradient, value, inverse)` → gradient of x */
void unit_rows_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), value = context.input(1), inverse = context.input(2);
  const auto [rows, columns] = matrix_of(value);
  gradient.require_shape({rows, columns});
  inverse.require_shape({rows});
  unit_rows_gradient(gradient.data<float>(), value.data<float>(), inverse.data<float>(), rows, columns,
                     context.output(0, {rows, columns}));
}

bool add(const TensorFlowApi& api, const Op& op) {
  TF_OpDefinitionBuilder* definition = api.new_op_definition(op.name);
  if (op.attribute != nullptr) api.add_attribute(definition, op.attribute);
  for (const char* input : op.inputs) api.add_input(definition, input);
  for (const char* output : op.outputs) api.add_output(definition, output);
  const Status status(api);
  api.register_op(definition, status.get());
  if (!status.ok()) return false;
  api.register_kernel(op.name, api.new_kernel(op.name, "CPU", nullptr, op.compute, nullptr), status.get());
  return status.ok();
}

bool add_all() {
  const TensorFlowApi* api = TensorFlowApi::find();
  if (api == nullptr) return false;
  const Op ops[] = {
      {"VectorRecallSoftmaxLoss",
       {"scores: float", "labels: int32", "bias: float", "items: int32", "weights: float"},
       {"losses: float", "gradient: float"},
       compute<softmax_loss_kernel>},
      {"VectorRecallHiddenLayer",
       {"input: float", "scale: float", "offset: float", "kept: bool", "epsilon: float"},
       {"value: float", "mean: float", "variance: float", "inverse: float"},
       compute<hidden_layer_kernel>},
      {"VectorRecallHiddenLayerGradient",
       {"gradient: float", "value: float", "input: float", "scale: float", "mean: float", "inverse: float"},
       {"of_input: float", "of_scale: float", "of_offset: float"},
       compute<hidden_layer_gradient_kernel>},
      {"VectorRecallUnitRows",
       {"x: float", "epsilon: float"},
       {"value: float", "inverse: float"},
       compute<unit_rows_kernel>},
      {"VectorRecallUnitRowsOfSums",
       {"parts: count * float", "columns: int32", "epsilon: float"},
       {"value: float", "inverse: float"},
       compute<unit_rows_of_sums_kernel>,
       "count: int >= 1"},
      {"VectorRecallUnitRowsGradient",
       {"gradient: float", "value: float", "inverse: float"},
       {"of_x: float"},
       compute<unit_rows_gradient_kernel>},
  };
  for (const Op& op : ops) {
    if (!add(*api, op)) return false;
  }
  for (const Op& op : sequence_ops()) {
    if (!add(*api, op)) return false;
  }
  return true;
}

}  // namespace

bool register_ops() {
  // A process has one TensorFlow, whichever of its threads ask for the ops.
  static const bool registered = add_all();
  return registered;
}

}  // namespace recall
