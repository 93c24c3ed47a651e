#include "worker_pool.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#endif

namespace recall {

namespace {

/**
 * Has the calling thread wait for a core to be free when it is woken. Otherwise it may take the core of the thread that
 * woke it, which is the event loop: with all cores in use that stopped it for the length of a search at every query.
 */
void yield_to_the_waker() {
#ifdef __linux__
  const sched_param none{};
  pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
#endif
}

}  // namespace

WorkerPool::WorkerPool(const ImageView& image, const Kernels& kernels, size_t threads, StartThread start) {
  // All that a thread needs is there before the first one runs: it has nobody to tell what it could not get.
  for (size_t i = 0; i < threads; i++) workers_.emplace_back(image, kernels);
  asleep_.reserve(threads);
  try {
    for (Worker& worker : workers_) worker.thread = start([this, &worker] { work(worker); });
  } catch (...) {
    end_threads();
    throw;
  }
}

WorkerPool::~WorkerPool() { end_threads(); }

void WorkerPool::end_threads() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_closing_ = true;
    for (const Pending& pending : pending_) pending.job->is_cancelled = true;
  }
  while (call_one()) {
  }
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
}

void WorkerPool::submit(std::shared_ptr<SearchJob> job) {
  const size_t count = job->queries.size();
  job->left = count;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    pending_.push_back({std::move(job), 0});
    waiting_ += count;
  }
  for (size_t called = 0; called < count && call_one(); called++) {
  }
}

/** @return whether there was one to call */
bool WorkerPool::call_one() {
  Worker* called;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (asleep_.empty()) return false;
    called = asleep_.back();
    asleep_.pop_back();
    called->is_called = true;
  }
  called->wake.notify_one();
  return true;
}

void WorkerPool::work(Worker& self) noexcept {
  yield_to_the_waker();
  for (Taken taken = take(self); taken.query != nullptr; taken = take(self)) {
    try {
      if (!taken.job->is_cancelled) self.searcher.search(*taken.query);
    } catch (...) {
      taken.query->found = 0;
      taken.job->failure.keep_current();
    }
    if (taken.job->left.fetch_sub(1) == 1) taken.job->on_done();
  }
}

/** @return the next query, once there is one; none when the pool is closing and all have been taken */
WorkerPool::Taken WorkerPool::take(Worker& self) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (pending_.empty()) {
    if (is_closing_) return {};
    self.is_called = false;
    asleep_.push_back(&self);
    self.wake.wait(lock, [&] { return self.is_called; });
  }
  waiting_--;
  Pending& first = pending_.front();
  Taken taken = {first.job, &first.job->queries[first.next++]};
  if (first.next == first.job->queries.size()) pending_.pop_front();
  return taken;
}

}  // namespace recall
