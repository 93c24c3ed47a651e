#pragma once

#include <memory>

#include "image.h"
#include "kernels.h"
#include "memory.h"
#include "row_directions.h"
#include "napi_support.h"
#include "addon_caller.h"
#include "worker_pool.h"

namespace recall {

/** A serving file with the threads that search it. */
class ServedFile {
 public:
  ServedFile(std::shared_ptr<const Memory> memory, bool verify, const Kernels& kernels, size_t threads);

  const std::shared_ptr<const Memory>& memory() const { return memory_; }
  const ImageView& image() const { return image_; }
  const Kernels& kernels() const { return kernels_; }
  WorkerPool& workers() { return *workers_; }
  /** For searches on the thread of JavaScript; made when it is first needed. */
  Searcher& searcher();
  /** On the thread of JavaScript; made when they are first needed. */
  const RowDirections& directions();

 private:
  const std::shared_ptr<const Memory> memory_;
  const ImageView image_;
  const Kernels& kernels_;
  const std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<Searcher> searcher_;
  std::unique_ptr<const RowDirections> directions_;
};

/** What JavaScript holds of a served file: it may outlive the file, which is gone once the index is closed. */
class ServedIndex {
 public:
  explicit ServedIndex(std::unique_ptr<ServedFile> file) : file_(std::move(file)) {}
  ~ServedIndex();

  /** @throws JsPending with `ENGINE_CLOSED` */
  ServedFile& file(napi_env env);
  bool is_closed() const { return file_ == nullptr; }
  /** Tells JavaScript that a search is done. @throws JsPending before `connect` */
  SearchCaller& caller(napi_env env);
  /** Before the first search, on the thread of JavaScript. */
  void connect(napi_env env, napi_value on_done);
  /** Whoever destroys what this returns waits for the threads and unmaps the file. */
  std::unique_ptr<ServedFile> close() { return std::move(file_); }

 private:
  /** When Node goes down: the threads end before it frees the arrays that they read and write. */
  static void end_threads(void* index);

  std::unique_ptr<ServedFile> file_;
  napi_env env_ = nullptr;
  std::unique_ptr<SearchCaller> caller_;
};

/** The functions of the addon that open, save and close an index: `openIndex`, `describeIndex`, … */
void define_index(napi_env env, napi_value exports);

/** The functions of the addon that search one: `startSearch`, `cancelSearch`, `searchNow`, … */
void define_search(napi_env env, napi_value exports);

/** The functions of the addon that build: `startBuild`, `buildProgress`, `cancelBuild`, `finishBuild`, … */
void define_build(napi_env env, napi_value exports);

/** `searchExact` and `rankRows`. */
void define_exact(napi_env env, napi_value exports);

/** `readDirections` and `selectDiverse`. */
void define_diverse(napi_env env, napi_value exports);

/** The set that an argument names. */
const Kernels& kernels_named(napi_env env, const std::string& name);

}  // namespace recall
