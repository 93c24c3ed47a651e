#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "space.h"

namespace recall {

/** Bytes from one code to the next in files of the first format. */
inline size_t dense_code_stride(size_t dim) { return (dim + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment; }

/**
 * Bytes from one code to the next. Sixteen bytes short of whole cache lines, half of the codes would reach into one line
 * more; of all other multiples of sixteen none does.
 */
inline size_t code_stride(size_t dim) {
  const size_t stride = dense_code_stride(dim);
  return stride % 64 == 48 ? stride + 16 : stride;
}

/**
 * One byte per dimension: `value ≈ low[d] + step[d] · code[d]`, the range of each dimension cut in 255 steps. The
 * inner product with a query is then `q·low + Σ q[d] step[d] code[d]`, of which the sum runs on integers. The squared
 * distance is measured from `low`, so that a common offset of all vectors costs no digits:
 * `−|q−x|² = −|q'|² + Σ 2 q'[d] step[d] code[d] − |x'|²` with `q' = q − low`, `x' = x − low`; the last term is a bias
 * that is stored with each vector.
 */
struct Quantizer {
  /** `[dim]` each. */
  std::vector<float> low;
  std::vector<float> step;

  void encode(const float* vector, uint8_t* code) const;
  /** The squared length of a decoded vector, measured from `low`. */
  float squared_length(const uint8_t* code) const;
};

/** The ranges of the rows of a matrix. @param row_at gives a pointer to `[dim]` */
template <typename RowAt>
Quantizer fit_quantizer(size_t rows, size_t dim, const RowAt& row_at) {
  std::vector<float> low(row_at(0), row_at(0) + dim);
  std::vector<float> high = low;
  for (size_t row = 1; row < rows; row++) {
    const float* vector = row_at(row);
    for (size_t d = 0; d < dim; d++) {
      low[d] = vector[d] < low[d] ? vector[d] : low[d];
      high[d] = vector[d] > high[d] ? vector[d] : high[d];
    }
  }
  std::vector<float> step(dim);
  // Divided first: the difference of two values that fit a float need not fit one.
  for (size_t d = 0; d < dim; d++) step[d] = high[d] / 255 - low[d] / 255;
  return {std::move(low), std::move(step)};
}

/** A query made ready for one quantizer. Reused from query to query, so that searching allocates nothing. */
class QuantizedQuery {
 public:
  explicit QuantizedQuery(size_t dim) : weights_(dim), code_(code_stride(dim)) {}

  /** @param query `[dim]`, of length one for `cosine` */
  void set(Space space, const float* low, const float* step, const float* query);

  /** `[stride]`, what the integer kernel takes. */
  const int8_t* code() const { return code_.data(); }
  /** `[dim]`, what the codes are multiplied by for a score of full precision on the query's side. */
  const float* weights() const { return weights_.data(); }
  /** Added to either product. */
  float base() const { return base_; }
  /** Multiplies the integer one. */
  float scale() const { return scale_; }

 private:
  std::vector<float> weights_;
  std::vector<int8_t> code_;
  float base_ = 0;
  float scale_ = 0;
};

}  // namespace recall
