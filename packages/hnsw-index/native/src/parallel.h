#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace recall {

/**
 * Calls `work(worker)` on `threads` threads, this one among them, and waits for all. The first exception that any of
 * them throws is thrown on.
 */
template <typename Work>
void on_threads(size_t threads, const Work& work) {
  std::exception_ptr failure;
  std::mutex mutex;
  const auto guarded = [&](size_t worker) {
    try {
      work(worker);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (size_t worker = 1; worker < threads; worker++) others.emplace_back(guarded, worker);
  guarded(0);
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

/** Calls `work(begin, end)` for blocks of `[0, count)`, on several threads. */
template <typename Work>
void in_blocks(size_t count, size_t block, size_t threads, const Work& work) {
  std::atomic<size_t> next{0};
  on_threads(std::max<size_t>(1, std::min(threads, (count + block - 1) / block)), [&](size_t) {
    for (;;) {
      const size_t begin = next.fetch_add(block);
      if (begin >= count) return;
      work(begin, std::min(count, begin + block));
    }
  });
}

}  // namespace recall
