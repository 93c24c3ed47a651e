#pragma once

#include <memory>

#include "image.h"
#include "kernels.h"
#include "memory.h"
#include "napi_support.h"
#include "worker_pool.h"

namespace recall {

struct Search;

/** Lets the threads of an index call JavaScript. Node does not wait for an index that nobody is searching. */
class SearchCaller {
 public:
  explicit SearchCaller(napi_env env);
  ~SearchCaller() { napi_release_threadsafe_function(function_, napi_tsfn_release); }
  SearchCaller(const SearchCaller&) = delete;
  SearchCaller& operator=(const SearchCaller&) = delete;

  /** On the thread of JavaScript: one more search, or one less, is under way. */
  void begin(napi_env env);
  void end(napi_env env);
  /** On any thread. */
  void call(Search* search) const { napi_call_threadsafe_function(function_, search, napi_tsfn_nonblocking); }

 private:
  napi_threadsafe_function function_ = nullptr;
  size_t under_way_ = 0;
};

/** A serving file with the threads that search it. */
class ServedIndex {
 public:
  ServedIndex(std::shared_ptr<const Memory> memory, bool verify, const Kernels& kernels, size_t threads);

  const Memory& memory() const { return *memory_; }
  const ImageView& image() const { return image_; }
  const Kernels& kernels() const { return kernels_; }
  /** Tells JavaScript that a search is done. */
  SearchCaller& caller() { return *caller_; }
  /** Before the first search, on the thread of JavaScript. */
  void connect(napi_env env) { caller_ = std::make_unique<SearchCaller>(env); }
  /** Null once the index is closed. */
  WorkerPool* workers() { return workers_.get(); }
  void close() { workers_.reset(); }

 private:
  const std::shared_ptr<const Memory> memory_;
  const ImageView image_;
  const Kernels& kernels_;
  std::unique_ptr<SearchCaller> caller_;
  std::unique_ptr<WorkerPool> workers_;
};

/** The functions of the addon that search: `openIndex`, `describeIndex`, `search`, `cancelSearch`, … */
void define_index(napi_env env, napi_value exports);

/** The functions of the addon that build: `startBuild`, `buildProgress`, `cancelBuild`, `finishBuild`, … */
void define_build(napi_env env, napi_value exports);

/** `searchExact`. */
void define_exact(napi_env env, napi_value exports);

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
