#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "vector_scores.h"

namespace recall {

/** Rows parted into groups of near ones, none of them empty. */
struct Grouping {
  /** `[groups + 1]`: the rows of group `g` are `rows[starts[g] .. starts[g + 1])`. */
  std::vector<uint32_t> starts;
  /** `[count]` */
  std::vector<uint32_t> rows;
  /** `[groups, dim]`: the mean of each group. */
  std::vector<float> centres;
  /** `[groups]`: the mean squared distance of the rows of a group from its centre. */
  std::vector<float> spreads;

  size_t size() const { return spreads.size(); }
};

/**
 * k-means in two levels, each learned from a sample: with n rows some 4·√n groups, found in about 4·n·n^¼ comparisons. The outcome does not depend on the number of threads.
 *
 * @param vectors at least one
 * @throws std::bad_alloc
 */
Grouping group_rows(const VectorRows& vectors, const Kernels& kernels, size_t threads);

}  // namespace recall
