#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "napi_support.h"
#include "worker_pool.h"

namespace recall {

struct StartedSearch;

/**
 * Lets the threads of an index tell JavaScript which of its searches are done. Node does not wait for an index that
 * nobody is searching.
 */
class SearchCaller {
 public:
  /** @param on_done a function that takes the number of a search */
  SearchCaller(napi_env env, napi_value on_done);
  ~SearchCaller();
  SearchCaller(const SearchCaller&) = delete;
  SearchCaller& operator=(const SearchCaller&) = delete;

  /** On the thread of JavaScript: a search is under way, or is no more. */
  void begin(napi_env env, uint32_t number, std::shared_ptr<SearchJob> job);
  void end(napi_env env, uint32_t number);
  /** The queries of a search that no thread has begun are left out; nothing where it is done. */
  void cancel(uint32_t number);
  /** On any thread. Once Node is going down, nothing happens. */
  void call(StartedSearch* search);

 private:
  /** Shared with Node, which takes the function away when it goes down, maybe before this is gone. */
  struct Shared {
    std::mutex mutex;
    napi_threadsafe_function function = nullptr;
  };
  const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::unordered_map<uint32_t, std::shared_ptr<SearchJob>> under_way_;
};

}  // namespace recall
