#include "tensorflow_api.h"

#include <dlfcn.h>

namespace recall {
namespace {

/** TensorFlow's releases keep this part of the API now in one library, now in the other. */
#ifdef __APPLE__
constexpr const char* kLibraries[] = {"libtensorflow.2.dylib", "libtensorflow_framework.2.dylib"};
#else
constexpr const char* kLibraries[] = {"libtensorflow.so.2", "libtensorflow_framework.so.2"};
#endif

class Library {
 public:
  // Only what is loaded already: a second copy would register its kernels where nobody runs them.
  explicit Library(const char* name) : handle_(dlopen(name, RTLD_NOW | RTLD_NOLOAD)) {}

  template <typename Function>
  void find(const char* name, Function* function) {
    void* symbol = handle_ == nullptr ? nullptr : dlsym(handle_, name);
    *function = reinterpret_cast<Function>(symbol);
    complete_ &= symbol != nullptr;
  }

  bool complete() const { return complete_; }

 private:
  void* handle_;
  bool complete_ = true;
};

bool fill(const char* name, TensorFlowApi* api) {
  Library library(name);
  library.find("TF_NewStatus", &api->new_status);
  library.find("TF_DeleteStatus", &api->delete_status);
  library.find("TF_SetStatus", &api->set_status);
  library.find("TF_GetCode", &api->get_code);
  library.find("TF_NewOpDefinitionBuilder", &api->new_op_definition);
  library.find("TF_OpDefinitionBuilderAddAttr", &api->add_attribute);
  library.find("TF_OpDefinitionBuilderAddInput", &api->add_input);
  library.find("TF_OpDefinitionBuilderAddOutput", &api->add_output);
  library.find("TF_RegisterOpDefinition", &api->register_op);
  library.find("TF_NewKernelBuilder", &api->new_kernel);
  library.find("TF_RegisterKernelBuilder", &api->register_kernel);
  library.find("TF_NumInputs", &api->input_count);
  library.find("TF_GetInput", &api->get_input);
  library.find("TF_AllocateOutput", &api->allocate_output);
  library.find("TF_OpKernelContext_Failure", &api->fail);
  library.find("TF_DeleteTensor", &api->delete_tensor);
  library.find("TF_NumDims", &api->rank);
  library.find("TF_Dim", &api->dim);
  library.find("TF_TensorData", &api->data);
  return library.complete();
}

bool fill_from_any(TensorFlowApi* api) {
  for (const char* name : kLibraries) {
    if (fill(name, api)) return true;
  }
  return false;
}

}  // namespace

const TensorFlowApi* TensorFlowApi::find() {
  static TensorFlowApi api;
  static const bool found = fill_from_any(&api);
  return found ? &api : nullptr;
}

}  // namespace recall
