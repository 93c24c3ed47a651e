#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels.h"

namespace recall {

/** Candidates to choose from, best first. Nothing is copied but the codes. */
struct DiverseCandidates {
  size_t count;
  size_t dim;
  /** `[count, dim]`: the direction of each vector, its values scaled to the length 127 and rounded, in [-127, 127]. */
  const int8_t* codes;
  /** `[count]`, whole numbers: what a candidate gains by itself. */
  const double* gains;
  /** A whole number of at least 0: what similarity costs. */
  double weight;
  /** `[count + 1]`: candidate `i` is of the groups `groups[group_starts[i] .. group_starts[i + 1])`. */
  const int32_t* group_starts;
  const int32_t* groups;
  /** `[groups]`: how many more of each may be chosen. Counted down. */
  int32_t* room;
};

/**
 * Chooses one candidate after the other, each time the one of the largest
 *
 *     gain − weight · max(0, largest product of its code with that of one chosen before)
 *
 * whose groups all have room, and of equal ones the first: maximal marginal relevance (Carbonell and Goldstein 1998).
 * All numbers are whole and fit a double, so that the outcome is the same on every processor.
 *
 * @param chosen `[k]`, of which the first `given` are chosen already @param k at most `count`
 * @return how many are chosen, fewer than `k` only where no other has room
 * @throws std::bad_alloc
 */
size_t select_diverse(const DiverseCandidates& candidates, size_t given, size_t k, const Kernels& kernels,
                      int32_t* chosen);

}  // namespace recall
