#include "row_sums.h"

#include "multiversion.h"
#include "parallel.h"

namespace recall {
namespace {

/** Additions per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 64 * 1024;

/** Floats in a line of the cache. A thread owns whole lines, so that no two write to the same one. */
constexpr size_t kLine = 16;

RECALL_MULTIVERSION void add(const float* __restrict from, float* __restrict to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += from[i];
}

RECALL_MULTIVERSION void add_share(const float* __restrict from, double factor, float* __restrict to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += static_cast<float>(double{from[i]} * factor);
}

/**
 * Cuts the columns between the threads: every sum is then added up by one thread in the order of the batch, and the
 * result does not depend on how many there are.
 */
template <typename Work>
void by_columns(size_t dim, size_t additions, const Work& work) {
  const size_t lines = (dim + kLine - 1) / kLine;
  const size_t grain = additions * dim < 2 * kGrain ? lines : 1;
  parallel(lines, grain, [&](size_t first, size_t last) {
    const size_t start = first * kLine;
    work(start, (last == lines ? dim : last * kLine) - start);
  });
}

}  // namespace

void add_rows(Sums sums, const int32_t* slots, size_t count, Block gradient) {
  by_columns(sums.dim, count, [&](size_t column, size_t width) {
    for (size_t i = 0; i < count; i++) {
      if (slots[i] >= 0) add(gradient.row(i) + column, sums.values + size_t(slots[i]) * sums.dim + column, width);
    }
  });
}

void add_means(Sums sums, const int32_t* slots, const Lists& lists, Block gradient) {
  size_t additions = 0;
  for (size_t i = 0; i < lists.count; i++) {
    additions += lists.offsets[lists.list(i) + 1] - lists.offsets[lists.list(i)];
  }
  by_columns(sums.dim, additions, [&](size_t column, size_t width) {
    const int32_t* slot = slots;
    for (size_t i = 0; i < lists.count; i++) {
      const size_t length = lists.offsets[lists.list(i) + 1] - lists.offsets[lists.list(i)];
      const double share = 1.0 / double(length);
      for (size_t n = 0; n < length; n++) {
        add_share(gradient.row(i) + column, share, sums.values + size_t(*slot++) * sums.dim + column, width);
      }
    }
  });
}

}  // namespace recall
