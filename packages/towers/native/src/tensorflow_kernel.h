#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <vector>

#include "tensorflow_api.h"

/** What a kernel of this addon sees of TensorFlow. */
namespace recall {

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

  int inputs() const { return api_.input_count(context_); }

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

inline void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

struct Shape {
  int64_t rows;
  int64_t columns;
};

/** The shape of a matrix that is not empty. */
inline Shape matrix_of(const Input& input) {
  require(input.shape().size() == 2 && input.size() > 0, "An input is no matrix, or an empty one.");
  return {input.shape()[0], input.shape()[1]};
}

/** The value of a tensor of rank 0. */
template <typename T>
T scalar_of(const Input& input) {
  input.require_shape({});
  return *input.data<T>();
}

struct Op {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  void (*compute)(void*, TF_OpKernelContext*);
  /** An attribute that counts the tensors of an input, or null. */
  const char* attribute = nullptr;
};

inline void fail(const TensorFlowApi& api, TF_OpKernelContext* context, const char* message) {
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

}  // namespace recall
