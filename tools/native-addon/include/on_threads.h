#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace recall {

/** Starts a thread; tests hand in one that refuses. @throws std::system_error */
using StartThread = std::thread (*)(std::function<void()>);

inline std::thread start_thread(std::function<void()> work) { return std::thread(std::move(work)); }

/** The first exception of several threads. */
class FirstFailure {
 public:
  /** Within a handler. */
  void keep_current() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
  /** Once all threads are done. */
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr failure_;
};

/**
 * Calls `work(worker)` on up to `threads` threads, this one among them, and waits for all. Where the system refuses
 * threads, those there are do the work, so they must share it out among themselves. The first exception that any of
 * them throws is thrown on.
 */
template <typename Work>
void on_threads(size_t threads, const Work& work, StartThread start = start_thread) {
  FirstFailure failure;
  const auto guarded = [&](size_t worker) noexcept {
    try {
      work(worker);
    } catch (...) {
      failure.keep_current();
    }
  };
  std::vector<std::thread> others;
  try {
    others.reserve(threads);
    for (size_t worker = 1; worker < threads; worker++) others.push_back(start([&guarded, worker] { guarded(worker); }));
  } catch (const std::system_error&) {
    // A limit on threads.
  } catch (const std::bad_alloc&) {
    // No room for the stack of one more.
  }
  guarded(0);
  for (std::thread& other : others) other.join();
  failure.rethrow();
}

/** Calls `work(begin, end)` for blocks of `[0, count)`, on several threads. After an exception no block is begun. */
template <typename Work>
void in_blocks(size_t count, size_t block, size_t threads, const Work& work, StartThread start = start_thread) {
  std::atomic<size_t> next{0};
  const auto take_blocks = [&](size_t) {
    try {
      for (;;) {
        const size_t begin = next.fetch_add(block);
        if (begin >= count) return;
        work(begin, std::min(count, begin + block));
      }
    } catch (...) {
      next = count;
      throw;
    }
  };
  on_threads(std::max<size_t>(1, std::min(threads, (count + block - 1) / block)), take_blocks, start);
}

}  // namespace recall
