#pragma once

#include "on_threads.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#elif defined(__APPLE__)
#include <pthread/qos.h>
#endif

namespace recall {

/** Leaves the cores to all other threads that want them; threads that the calling one starts later do the same. */
inline void lower_priority() noexcept {
#ifdef __linux__
  // A thread that wakes takes the core of an idle one at once; of a nice one, it waits for the end of its slice.
  const sched_param none{};
  pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
#elif defined(__APPLE__)
  pthread_set_qos_class_self_np(QOS_CLASS_BACKGROUND, 0);
#endif
}

/**
 * Runs `work` on a thread of its own, at the lowest priority, and waits for it. Where the system refuses a thread, the
 * calling one does the work at its own priority. What `work` throws is thrown on.
 */
template <typename Work>
void at_low_priority(const Work& work, StartThread start = start_thread) {
  FirstFailure failure;
  const auto guarded = [&] () noexcept {
    try {
      work();
    } catch (...) {
      failure.keep_current();
    }
  };
  try {
    start([&guarded] {
      lower_priority();
      guarded();
    }).join();
  } catch (const std::system_error&) {
    guarded();
  }
  failure.rethrow();
}

}  // namespace recall
