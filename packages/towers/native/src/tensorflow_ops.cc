#include "tensorflow_ops.h"

#include <initializer_list>
#include <new>
#include <stdexcept>
#include <vector>

#include "hidden_layer.h"
#include "softmax_loss.h"
#include "tensorflow_api.h"
#include "unit_rows.h"

namespace recall {
namespace {

class Status {
 public:
  explicit Status(const TensorFlowApi& api) : api_(api), status_(api.new_status()) {}
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  ~Status() { api_.delete_status(status_); }

  TF_Status* get() const { return status_; }
  bool ok() const { return api_.get_code(status_) == kTfOk; }

 private:
  const TensorFlowApi& api_;
  TF_Status* status_;
};

/** An input of the running kernel. */
class Input {
 public:
  Input(const TensorFlowApi& api, TF_OpKernelContext* context, int index) : api_(api) {
    const Status status(api);
    api.get_input(context, index, &tensor_, status.get());
    if (!status.ok()) throw std::invalid_argument("An input is missing.");
    for (int i = 0; i < api.rank(tensor_); i++) shape_.push_back(api.dim(tensor_, i));
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { api_.delete_tensor(tensor_); }

  const std::vector<int64_t>& shape() const { return shape_; }

  size_t size() const {
    size_t product = 1;
    for (const int64_t dim : shape_) product *= static_cast<size_t>(dim);
    return product;
  }

  template <typename T>
  const T* data() const {
    return static_cast<const T*>(api_.data(tensor_));
  }

  /** Null for an empty tensor, which stands for an input that is not there. */
  template <typename T>
  const T* optional() const {
    return size() == 0 ? nullptr : data<T>();
  }

  void require_shape(std::initializer_list<int64_t> expected) const {
    if (shape_ != std::vector<int64_t>(expected)) throw std::invalid_argument("An input has another shape.");
  }

 private:
  const TensorFlowApi& api_;
  TF_Tensor* tensor_ = nullptr;
  std::vector<int64_t> shape_;
};

/** What a kernel sees of the op that runs. Its methods throw; `compute` tells TensorFlow. */
class Context {
 public:
  Context(const TensorFlowApi& api, TF_OpKernelContext* context) : api_(api), context_(context) {}

  Input input(int index) const { return Input(api_, context_, index); }

  float* output(int index, std::initializer_list<int64_t> shape) const {
    size_t bytes = sizeof(float);
    for (const int64_t dim : shape) bytes *= static_cast<size_t>(dim);
    const Status status(api_);
    TF_Tensor* tensor = api_.allocate_output(context_, index, kTfFloat, shape.begin(), static_cast<int>(shape.size()),
                                             bytes, status.get());
    if (!status.ok()) throw std::bad_alloc();
    float* data = static_cast<float*>(api_.data(tensor));
    // The op holds on to its output; this is a second handle.
    api_.delete_tensor(tensor);
    return data;
  }

 private:
  const TensorFlowApi& api_;
  TF_OpKernelContext* context_;
};

void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

struct Shape {
  int64_t rows;
  int64_t columns;
};

/** The shape of a matrix that is not empty. */
Shape matrix_of(const Input& input) {
  require(input.shape().size() == 2 && input.size() > 0, "An input is no matrix, or an empty one.");
  return {input.shape()[0], input.shape()[1]};
}

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

/** `(gradient, value, inverse)` → gradient of x */
void unit_rows_gradient_kernel(const Context& context) {
  const Input gradient = context.input(0), value = context.input(1), inverse = context.input(2);
  const auto [rows, columns] = matrix_of(value);
  gradient.require_shape({rows, columns});
  inverse.require_shape({rows});
  unit_rows_gradient(gradient.data<float>(), value.data<float>(), inverse.data<float>(), rows, columns,
                     context.output(0, {rows, columns}));
}

void fail(const TensorFlowApi& api, TF_OpKernelContext* context, const char* message) {
  const Status status(api);
  api.set_status(status.get(), kTfInvalidArgument, message);
  api.fail(context, status.get());
}

template <void (*kernel)(const Context&)>
void compute(void*, TF_OpKernelContext* context) {
  const TensorFlowApi& api = *TensorFlowApi::find();
  try {
    kernel(Context(api, context));
  } catch (const std::invalid_argument& error) {
    fail(api, context, error.what());
  } catch (...) {
    fail(api, context, "A kernel failed, for want of memory or threads.");
  }
}

struct Op {
  const char* name;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  void (*compute)(void*, TF_OpKernelContext*);
};

bool add(const TensorFlowApi& api, const Op& op) {
  TF_OpDefinitionBuilder* definition = api.new_op_definition(op.name);
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
      {"VectorRecallUnitRowsGradient",
       {"gradient: float", "value: float", "inverse: float"},
       {"of_x: float"},
       compute<unit_rows_gradient_kernel>},
  };
  for (const Op& op : ops) {
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
