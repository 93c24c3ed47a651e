#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels.h"
#include "space.h"

namespace recall {

/** The rows to compare with. Nothing is copied. */
struct ExactTarget {
  Space space;
  size_t dim;
  size_t count;
  /** `[count, dim]`, of any length for `cosine`. */
  const float* vectors;
  /** `[count]`: one over the length of each row; not needed for `l2`. */
  const double* inverse_norms;
};

/**
 * The best `k` of all rows for each query, best first; of equal scores the lower row comes first. A pass in single
 * precision leaves out what can't be among them by a bound on its error; what it leaves is scored in double precision,
 * each sum in the order of the dimensions, so that the outcome is the same on every processor.
 *
 * @param queries `[query_count, dim]`
 * @param labels `[query_count, k]` @param scores `[query_count, k]`, k at most `count`
 * @throws std::bad_alloc
 */
void search_exact(const ExactTarget& target, const float* queries, size_t query_count, size_t k, const Kernels& kernels,
                  size_t threads, int32_t* labels, float* scores);

/**
 * The inner product of every query with every row, in single precision: equal rows get equal ones.
 *
 * @param vectors `[count, dim]` @param queries `[query_count, dim]` @param products `[query_count, count]`
 * @throws std::bad_alloc
 */
void multiply_rows(const float* vectors, size_t count, size_t dim, const float* queries, size_t query_count,
                   const Kernels& kernels, size_t threads, float* products);

}  // namespace recall
