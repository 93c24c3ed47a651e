#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "prefetch.h"
#include "quantizer.h"
#include "space.h"

namespace recall {

/** Scores rows by their codes for one query at a time: the higher, the nearer. */
class CodeScores {
 public:
  CodeScores(const CodedRows& rows, const Kernels& kernels) : rows_(rows), kernels_(kernels), query_(rows.dim) {}

  /** @param query `[dim]`, of length one for `cosine` */
  void set(const float* query) { query_.set(rows_, query); }

  ALWAYS_INLINE void prefetch_row(uint32_t row) const { prefetch(code(row), rows_.stride); }
  /** What `score_finely` reads besides. */
  ALWAYS_INLINE void prefetch_residual(uint32_t row) const { prefetch(residual(row), rows_.stride); }

  /**
   * By the codes of both sides, to compare rows by: what is the same for all of them is left out.
   * @param rows `[count]` @param scores `[count]`
   */
  void score(const uint32_t* rows, size_t count, float* scores) {
    if (products_.size() < count) products_.resize(count);
    multiply(query_.high(), rows, count, query_.unit() * (rows_.has_wide_queries ? 256 : 1), scores);
    if (rows_.has_wide_queries) {
      kernels_.score_codes(query_.low(), rows_.codes, rows_.stride, rows, count, products_.data());
      for (size_t i = 0; i < count; i++) scores[i] += query_.unit() * static_cast<float>(products_[i]);
    }
    if (rows_.scales != nullptr) {
      for (size_t i = 0; i < count; i++) scores[i] = rows_.scales[rows[i]] * (scores[i] + query_.along_shift());
    }
    if (rows_.bias == nullptr) return;
    for (size_t i = 0; i < count; i++) scores[i] += rows_.bias[rows[i]];
  }

  /** What `score` leaves out, for it is the same for all rows. */
  double left_out() const { return query_.base() + (rows_.scales == nullptr ? query_.along_shift() : 0); }

  /** With the query in full precision: the cosine, the inner product, or less the squared distance. */
  double score_precisely(uint32_t row) const {
    const double product = kernels_.dot_code(query_.weights(), code(row), rows_.dim);
    return complete(row, product, rows_.bias);
  }

  /** The same with residuals, which must be there. */
  double score_finely(uint32_t row) const {
    const double whole = kernels_.dot_code(query_.weights(), code(row), rows_.dim);
    const double rest = kernels_.dot_code(query_.weights(), residual(row), rows_.dim);
    return complete(row, whole + rest / 255 - query_.weight_sum() / 2, rows_.fine_bias);
  }

  /** In double precision throughout, for queries whose products need not fit a float. @param query as it was set */
  double score_widely(const float* query, uint32_t row) const {
    const double scale = rows_.scales == nullptr ? 1 : rows_.scales[row];
    double score = 0;
    for (size_t d = 0; d < rows_.dim; d++) {
      const double steps = code(row)[d] + (rows_.residuals == nullptr ? 0 : residual(row)[d] / 255.0 - 0.5);
      const double value = rows_.origin[d] + scale * (rows_.shift[d] + rows_.step[d] * steps);
      score += rows_.space == Space::kL2 ? -(query[d] - value) * (query[d] - value) : query[d] * value;
    }
    return score;
  }

 private:
  const uint8_t* code(uint32_t row) const { return rows_.codes + row * rows_.stride; }
  const uint8_t* residual(uint32_t row) const { return rows_.residuals + row * rows_.stride; }

  ALWAYS_INLINE void multiply(const int8_t* query, const uint32_t* rows, size_t count, float unit, float* scores) {
    kernels_.score_codes(query, rows_.codes, rows_.stride, rows, count, products_.data());
    for (size_t i = 0; i < count; i++) scores[i] = unit * static_cast<float>(products_[i]);
  }

  double complete(uint32_t row, double product, const float* bias) const {
    product += query_.along_shift();
    if (rows_.scales != nullptr) product *= rows_.scales[row];
    return query_.base() + product + (bias == nullptr ? 0 : bias[row]);
  }

  const CodedRows& rows_;
  const Kernels& kernels_;
  QuantizedQuery query_;
  /** Room for the products of a call. */
  std::vector<int32_t> products_;
};

}  // namespace recall
