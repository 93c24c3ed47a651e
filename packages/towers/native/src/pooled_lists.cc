#include "pooled_lists.h"

#include <algorithm>
#include <cstring>

#include "block_memory.h"
#include "multiversion.h"
#include "parallel.h"

namespace recall {
namespace {

/** Lists per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 16;

/** Floats in a line of the cache. A thread owns whole lines, so that no two write to the same one. */
constexpr size_t kLine = 16;

/** In double precision with one rounding a store, as JavaScript computes. */
RECALL_MULTIVERSION void add_weighted(const float* __restrict from, double weight, float* __restrict to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = static_cast<float>(double{to[i]} + weight * double{from[i]});
}

RECALL_MULTIVERSION void add(const float* __restrict from, float* __restrict to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += from[i];
}

/** In the order of the columns, as JavaScript sums. */
double dot(const float* a, const float* b, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += double{a[i]} * double{b[i]};
  return sum;
}

double factor_of(const float* factors, size_t entry) { return factors != nullptr ? double{factors[entry]} : 1; }

}  // namespace

void pool_lists(const float* table, size_t dim, const Lists& lists, const AgeWeights& weights, const float* factors,
                Block out) {
  parallel(lists.count, kGrain, [&](size_t first, size_t last) {
    for (size_t list = first; list < last; list++) {
      float* const means = out.row(list);
      std::memset(means, 0, weights.scales * dim * sizeof(float));
      const size_t start = lists.offsets[list], end = lists.offsets[list + 1], count = end - start;
      for (size_t age = 0; age < count; age++) {
        const float* const row = table + size_t(lists.rows[end - 1 - age]) * dim;
        const double factor = factor_of(factors, end - 1 - age);
        for (size_t scale = 0; scale < weights.scales; scale++) {
          const double weight = weights.at(scale, age, count) * factor;
          if (weight != 0) add_weighted(row, weight, means + scale * dim, dim);
        }
      }
    }
  });
}

void add_pooled(Sums sums, const int32_t* slots, const Lists& lists, const AgeWeights& weights, const float* factors,
                Block gradient) {
  // Each thread has columns of its own: every sum is then added up in the order of the batch, whoever does it.
  const size_t lines = (sums.dim + kLine - 1) / kLine;
  parallel(lines, 1, [&](size_t first, size_t last) {
    const size_t column = first * kLine, width = std::min(sums.dim, last * kLine) - column;
    const Buffer share(width);
    for (size_t list = 0; list < lists.count; list++) {
      const size_t start = lists.offsets[list] - lists.offsets[0], end = lists.offsets[list + 1] - lists.offsets[0];
      for (size_t age = 0; age < end - start; age++) {
        std::memset(share.get(), 0, width * sizeof(float));
        const double factor = factor_of(factors, size_t(lists.offsets[list + 1]) - 1 - age);
        for (size_t scale = 0; scale < weights.scales; scale++) {
          const double weight = weights.at(scale, age, end - start) * factor;
          if (weight != 0) add_weighted(gradient.row(list) + scale * sums.dim + column, weight, share.get(), width);
        }
        add(share.get(), sums.values + size_t(slots[end - 1 - age]) * sums.dim + column, width);
      }
    }
  });
}

void factor_slopes(const float* table, size_t dim, const Lists& lists, const AgeWeights& weights, const float* factors,
                   Block gradient, float* slopes) {
  parallel(lists.count, kGrain, [&](size_t first, size_t last) {
    const Buffer share(dim);
    for (size_t list = first; list < last; list++) {
      const size_t start = lists.offsets[list], end = lists.offsets[list + 1];
      for (size_t age = 0; age < end - start; age++) {
        const size_t entry = end - 1 - age;
        std::memset(share.get(), 0, dim * sizeof(float));
        for (size_t scale = 0; scale < weights.scales; scale++) {
          const double weight = weights.at(scale, age, end - start) * double{factors[entry]};
          if (weight != 0) add_weighted(gradient.row(list) + scale * dim, weight, share.get(), dim);
        }
        slopes[entry] = static_cast<float>(dot(share.get(), table + size_t(lists.rows[entry]) * dim, dim));
      }
    }
  });
}

}  // namespace recall
