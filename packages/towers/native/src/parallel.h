#pragma once

#include <cstddef>
#include <functional>

namespace recall {

/** How many pieces `parallel` cuts its work into at most: the processors there are, up to eight. */
size_t thread_count();

/**
 * Runs `work(first, last)` over [0, count) in one piece per thread, the first on the caller's, and returns when all are
 * done. Work of less than `grain` per thread gets fewer threads. The first exception of any piece is thrown on.
 */
void parallel(size_t count, size_t grain, const std::function<void(size_t first, size_t last)>& work);

}  // namespace recall
