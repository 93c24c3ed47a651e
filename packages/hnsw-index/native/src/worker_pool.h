#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "on_threads.h"
#include "searcher.h"

namespace recall {

/** Queries that were handed in together. */
struct SearchJob {
  std::vector<Query> queries;
  /** Queries that no thread has begun are dropped once this is set. */
  std::atomic<bool> is_cancelled{false};
  /** Called on the thread that ends the last query. It must not throw. */
  std::function<void()> on_done;
  /** What a query has thrown; the others are answered all the same. */
  FirstFailure failure;
  std::atomic<size_t> left{0};
};

/** Threads that answer queries, each with a Searcher of its own. */
class WorkerPool {
 public:
  /** @throws std::bad_alloc, or std::system_error where a thread cannot be started */
  WorkerPool(const ImageView& image, const Kernels& kernels, size_t threads, StartThread start = start_thread);
  /** Ends the threads. Queries that none has begun are dropped, and their jobs are done. */
  ~WorkerPool();

  size_t threads() const { return workers_.size(); }
  /** Queries that no thread has begun. */
  size_t waiting() const { return waiting_; }
  /** @throws std::bad_alloc; then the job is not taken */
  void submit(std::shared_ptr<SearchJob> job);

 private:
  struct Pending {
    std::shared_ptr<SearchJob> job;
    size_t next;
  };
  struct Taken {
    std::shared_ptr<SearchJob> job;
    Query* query = nullptr;
  };

  /** A thread with a condition of its own, so that the pool chooses whom it wakes. */
  struct Worker {
    Worker(const ImageView& image, const Kernels& kernels) : searcher(image, kernels) {}
    Searcher searcher;
    std::condition_variable wake;
    bool is_called = false;
    std::thread thread;
  };

  void work(Worker& self) noexcept;
  Taken take(Worker& self);
  bool call_one();
  void end_threads();

  std::mutex mutex_;
  std::deque<Pending> pending_;
  std::atomic<size_t> waiting_{0};
  bool is_closing_ = false;
  std::deque<Worker> workers_;
  /** The one that fell asleep last is called first: its caches still hold the index's most visited nodes. */
  std::vector<Worker*> asleep_;
};

}  // namespace recall
