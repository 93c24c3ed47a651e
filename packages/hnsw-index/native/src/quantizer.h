#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "space.h"
#include "vector_scores.h"

namespace recall {

/**
 * Bytes from one code to the next. Sixteen bytes short of whole cache lines, half of the codes would reach into one line
 * more; of all other multiples of sixteen none does.
 */
inline size_t code_stride(size_t dim) {
  const size_t stride = (dim + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment;
  return stride % 64 == 48 ? stride + 16 : stride;
}

/** Kept within a float, with room for sums: cut off, values still rank, and no infinity turns into a NaN. */
float narrow(double value);

/**
 * One byte per dimension, and on request a second one that cuts each step into 256:
 *
 *     x[d] ≈ origin[d] + scale · (shift[d] + step[d] · (code[d] + residual[d] / 255 − 1/2))
 *
 * (without the second byte the last two terms are absent). The ranges of the dimensions come from quantiles, so that a
 * few vectors far away cost the others no digits; values outside are saturated. `scale` is one, or the distance of each
 * vector from the origin where lengths differ much. The sum over dimensions of a query with a code runs on integers.
 */
struct Quantizer {
  Space space;
  bool is_scaled;
  /** `[dim]` each. For `l2` the origin lies in the middle of the vectors, so that a common offset costs no digits. */
  std::vector<float> origin;
  std::vector<float> shift;
  std::vector<float> step;

  /** What is stored with a code. */
  struct Terms {
    float scale;
    /**
     * For `l2` the negative squared distance of the decoded vector from the origin, without and with residuals. Of a
     * saturated vector the part that is cut off is added: it is farther from everything within the ranges by at least
     * that much.
     */
    float bias;
    float fine_bias;
  };

  /** @param code `[stride]` @param residual `[stride]`, or null */
  Terms encode(const float* vector, uint8_t* code, uint8_t* residual) const;
};

/** @param is_scaled for `ip` and `l2` only: those of `cosine` are all as long */
Quantizer fit_quantizer(const VectorRows& rows, Space space, bool is_scaled);

/** Rows as codes, and what tells their values. Pointers that are null mean that there is no such part. */
struct CodedRows {
  Space space;
  uint32_t dim;
  /** Bytes from one code to the next. */
  size_t stride;
  /** Whether queries keep sixteen bits of each weight, and not eight: for dimensions of very different widths. */
  bool has_wide_queries;
  /** `[dim]` each, of the quantizer. */
  const float* origin;
  const float* shift;
  const float* step;
  /** `[count, stride]` */
  const uint8_t* codes;
  const uint8_t* residuals;
  /** `[count]` */
  const float* scales;
  const float* bias;
  const float* fine_bias;
};

/** A query made ready for coded rows. Reused from query to query, so that searching allocates nothing. */
class QuantizedQuery {
 public:
  explicit QuantizedQuery(size_t dim) : weights_(dim), exact_(dim), high_(code_stride(dim)), low_(code_stride(dim)) {}

  /** @param query `[dim]`, of length one for `cosine` */
  void set(const CodedRows& rows, const float* query);

  /** `[stride]`, what the integer kernel takes: the weights, or with wide queries their upper and lower halves. */
  const int8_t* high() const { return high_.data(); }
  const int8_t* low() const { return low_.data(); }
  /** `[dim]`, what codes are multiplied by for a score of full precision on the query's side, and their sum. */
  const float* weights() const { return weights_.data(); }
  float weight_sum() const { return weight_sum_; }
  /** Added to every score. */
  double base() const { return base_; }
  /** Added to the product before it is scaled. */
  float along_shift() const { return along_shift_; }
  /** Multiplies the integer product. */
  float unit() const { return unit_; }

 private:
  std::vector<float> weights_;
  std::vector<double> exact_;
  std::vector<int8_t> high_;
  std::vector<int8_t> low_;
  double base_ = 0;
  float weight_sum_ = 0;
  float along_shift_ = 0;
  float unit_ = 0;
};

}  // namespace recall
