#pragma once

#include <memory>

#include "image.h"
#include "kernels.h"
#include "memory.h"
#include "napi_support.h"
#include "worker_pool.h"

namespace recall {

/** A serving file with the threads that search it. */
class ServedIndex {
 public:
  ServedIndex(std::shared_ptr<const Memory> memory, bool verify, const Kernels& kernels, size_t threads);

  const Memory& memory() const { return *memory_; }
  const ImageView& image() const { return image_; }
  const Kernels& kernels() const { return kernels_; }
  /** Null once the index is closed. */
  WorkerPool* workers() { return workers_.get(); }
  void close() { workers_.reset(); }

 private:
  const std::shared_ptr<const Memory> memory_;
  const ImageView image_;
  const Kernels& kernels_;
  std::unique_ptr<WorkerPool> workers_;
};

/** The functions of the addon that search: `openIndex`, `describeIndex`, `search`, `cancelSearch`, … */
void define_index(napi_env env, napi_value exports);

/** The functions of the addon that build: `startBuild`, `buildProgress`, `cancelBuild`, `finishBuild`, … */
void define_build(napi_env env, napi_value exports);

/** Adds a function to the addon. */
template <napi_value (*call)(napi_env, const Arguments&)>
void define(napi_env env, napi_value exports, const char* name) {
  napi_value function;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<call>, nullptr, &function));
  set_property(env, exports, name, function);
}

/** The set that an argument names. */
const Kernels& kernels_named(napi_env env, const std::string& name);

}  // namespace recall
