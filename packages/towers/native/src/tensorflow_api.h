#pragma once

#include <cstddef>
#include <cstdint>

/** The part of TensorFlow's C API with which kernels are added to it, as the library that tfjs has loaded exports it. */
struct TF_Status;
struct TF_Tensor;
struct TF_OpDefinitionBuilder;
struct TF_KernelBuilder;
struct TF_OpKernelContext;
struct TF_OpKernelConstruction;

namespace recall {

/** `TF_DataType` */
constexpr int kTfFloat = 1;

/** `TF_Code` */
constexpr int kTfOk = 0;
constexpr int kTfInvalidArgument = 3;

struct TensorFlowApi {
  TF_Status* (*new_status)();
  void (*delete_status)(TF_Status*);
  void (*set_status)(TF_Status*, int code, const char* message);
  int (*get_code)(const TF_Status*);

  TF_OpDefinitionBuilder* (*new_op_definition)(const char* name);
  void (*add_attribute)(TF_OpDefinitionBuilder*, const char* spec);
  void (*add_input)(TF_OpDefinitionBuilder*, const char* spec);
  void (*add_output)(TF_OpDefinitionBuilder*, const char* spec);
  /** Frees the builder. */
  void (*register_op)(TF_OpDefinitionBuilder*, TF_Status*);

  TF_KernelBuilder* (*new_kernel)(const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*),
                                  void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*));
  /** Frees the builder. */
  void (*register_kernel)(const char* name, TF_KernelBuilder*, TF_Status*);

  int (*input_count)(TF_OpKernelContext*);
  /** The tensor is the caller's to delete. */
  void (*get_input)(TF_OpKernelContext*, int index, TF_Tensor** tensor, TF_Status*);
  TF_Tensor* (*allocate_output)(TF_OpKernelContext*, int index, int type, const int64_t* dims, int rank, size_t bytes,
                                TF_Status*);
  void (*fail)(TF_OpKernelContext*, TF_Status*);

  void (*delete_tensor)(TF_Tensor*);
  int (*rank)(const TF_Tensor*);
  int64_t (*dim)(const TF_Tensor*, int index);
  void* (*data)(const TF_Tensor*);

  /** Null where this process has loaded no TensorFlow, or one without that part. Looked up once. */
  static const TensorFlowApi* find();
};

}  // namespace recall
