#include "parallel.h"

#include <atomic>
#include <new>

#include "on_threads.h"
#include "tests.h"

namespace recall {

/** What one piece throws is thrown on to the caller once all pieces are done, and the next work is done as ever. */
void test_failing_work() {
  const size_t pieces = thread_count();
  for (size_t failing = 0; failing < pieces; failing++) {
    bool is_thrown = false;
    try {
      parallel(pieces, 1, [&](size_t first, size_t) {
        if (first == failing) throw std::bad_alloc();
      });
    } catch (const std::bad_alloc&) {
      is_thrown = true;
    }
    CHECK(is_thrown);
  }
  std::atomic<size_t> done{0};
  parallel(1000, 1, [&](size_t first, size_t last) { done += last - first; });
  CHECK(done == 1000);
}

}  // namespace recall
