#include "parallel.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "on_threads.h"
#include "signals.h"

namespace recall {
namespace {

/** Threads that wait for pieces of one task at a time. */
class Team {
 public:
  Team() {
    const size_t wanted = std::min<size_t>(8, std::max(1u, std::thread::hardware_concurrency())) - 1;
    for (size_t i = 0; i < wanted; i++) {
      try {
        std::thread([this, i] { serve(i); }).detach();
        helpers_++;
      } catch (const std::system_error&) {
        break;  // A limit on threads: those there are do the work.
      } catch (const std::bad_alloc&) {
        break;  // No room for the stack of one more.
      }
    }
  }

  size_t size() const { return helpers_ + 1; }

  void run(size_t pieces, const std::function<void(size_t)>& piece) {
    const std::lock_guard<std::mutex> turn(turn_);
    FirstFailure failure;
    const auto guarded = [&](size_t i) noexcept {
      try {
        piece(i);
      } catch (...) {
        failure.keep_current();
      }
    };
    // A reference, so that making the function allocates nothing.
    const std::function<void(size_t)> task = std::cref(guarded);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      piece_ = &task;
      pieces_ = pieces;
      left_ = pieces - 1;
      task_++;
    }
    wake_.notify_all();
    task(0);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return left_ == 0; });
    failure.rethrow();
  }

 private:
  void serve(size_t helper) {
    block_signals();
    uint64_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return task_ != seen; });
      seen = task_;
      if (helper + 1 >= pieces_) continue;
      const auto* piece = piece_;
      lock.unlock();
      (*piece)(helper + 1);
      lock.lock();
      if (--left_ == 0) done_.notify_one();
    }
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(size_t)>* piece_ = nullptr;
  size_t pieces_ = 0;
  size_t left_ = 0;
  uint64_t task_ = 0;
  size_t helpers_ = 0;
};

/** Never destroyed: its threads wait in it until the process is gone. */
Team& team() {
  static Team& only = *new Team();
  return only;
}

}  // namespace

size_t thread_count() { return team().size(); }

void parallel(size_t count, size_t grain, const std::function<void(size_t, size_t)>& work) {
  const size_t pieces = std::min(thread_count(), count / grain);
  if (pieces <= 1) {
    work(0, count);
    return;
  }
  team().run(pieces, [&](size_t i) { work(count * i / pieces, count * (i + 1) / pieces); });
}

}  // namespace recall
