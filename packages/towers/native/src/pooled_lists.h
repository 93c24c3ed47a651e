#pragma once

#include <cstddef>

#include "kernels.h"
#include "row_sums.h"

namespace recall {

/**
 * How much the entries of a list count in several weighted means of it, by their age, which is 0 for the last entry; see
 * history/recency/weights.ts. `powers` is `[scales, length]`, `norms` `[scales, length + 1]`.
 */
struct AgeWeights {
  const float* powers;
  const float* norms;
  size_t scales;
  size_t length;
  double at(size_t scale, size_t age, size_t count) const {
    return double{powers[scale * length + age]} * double{norms[scale * (length + 1) + count]};
  }
};

/**
 * Row i of the block, `[scales · dim]`, becomes the weighted means of list i; zeros for an empty one. Of `factors`,
 * `[entries]`, each makes its entry count more or less; null where all count alike.
 */
void pool_lists(const float* table, size_t dim, const Lists& lists, const AgeWeights& weights, const float* factors,
                Block out);

/**
 * Adds the gradient of those means, row i of the block, to the sums of the list's slots, which follow one another in
 * `slots` list after list.
 */
void add_pooled(Sums sums, const int32_t* slots, const Lists& lists, const AgeWeights& weights, const float* factors,
                Block gradient);

/** Writes how the loss changes with the logarithm of each factor, `[entries]`, for the gradient of those means. */
void factor_slopes(const float* table, size_t dim, const Lists& lists, const AgeWeights& weights, const float* factors,
                   Block gradient, float* slopes);

}  // namespace recall
