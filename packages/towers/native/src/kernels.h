#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** Columns of a row-major matrix: entry (row, column) is `values[row * stride + offset + column]`. */
struct Block {
  float* values;
  size_t stride;
  size_t offset;
  float* row(size_t i) const { return values + i * stride + offset; }
};

/** Lists of table rows: list `i` is `rows[offsets[i] .. offsets[i + 1])`; `picks` names the lists to read, or is null. */
struct Lists {
  const int32_t* offsets;
  const int32_t* rows;
  const int32_t* picks;
  size_t count;
  size_t list(size_t i) const { return picks != nullptr ? picks[i] : i; }
};

/** Row i of the block becomes row `rows[i]` of the table `[.., dim]`, or zeros for a negative one. */
void look_up(const float* table, size_t dim, const int32_t* rows, size_t count, Block out);

/** Row i of the block becomes the mean of list i; zeros for an empty one. */
void look_up_mean(const float* table, size_t dim, const Lists& lists, Block out);

/** What one update needs besides the arrays; see adam-kernels.ts. */
struct AdamCoefficients {
  double beta1, beta2, epsilon, step_size, second_moment_scale, gradient_scale, kept;
};

struct AdamArrays {
  float* parameter;
  float* first_moment;
  float* second_moment;
};

/** One Adam update of all `count` values. */
void update_dense(const AdamArrays& arrays, const float* gradient, size_t count, const AdamCoefficients& coefficients);

/** One Adam update of distinct rows `[count]`, with gradients `[count, dim]`. */
void update_rows(const AdamArrays& arrays, size_t dim, const int32_t* rows, size_t count, const float* gradient,
                 const AdamCoefficients& coefficients);

/** In the order of additions of global-norm.ts: four interleaved sums. */
double sum_of_squares(const float* values, size_t count);

}  // namespace recall
