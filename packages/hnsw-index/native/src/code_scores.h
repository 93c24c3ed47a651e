#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "prefetch.h"
#include "quantizer.h"
#include "space.h"

namespace recall {

/** Rows as codes, and what tells their values. */
struct CodedRows {
  Space space;
  uint32_t dim;
  /** Bytes from one code to the next. */
  size_t stride;
  /** `[dim]` each, of the quantizer. */
  const float* low;
  const float* step;
  /** `[count, stride]` */
  const uint8_t* codes;
  /** `[count]` for `l2`, else null. */
  const float* bias;
};

/** Scores rows for one query at a time: the higher, the nearer. */
class CodeScores {
 public:
  CodeScores(const CodedRows& rows, const Kernels& kernels) : rows_(rows), kernels_(kernels), query_(rows.dim) {}

  /** @param query `[dim]`, of length one for `cosine` */
  void set(const float* query) { query_.set(rows_.space, rows_.low, rows_.step, query); }

  ALWAYS_INLINE void prefetch_row(uint32_t row) const { prefetch(code(row), rows_.stride); }

  /**
   * By the codes of both sides, to compare rows by: what is the same for all of them is left out.
   * @param rows `[count]` @param scores `[count]`
   */
  void score(const uint32_t* rows, size_t count, float* scores) {
    if (products_.size() < count) products_.resize(count);
    kernels_.score_codes(query_.code(), rows_.codes, rows_.stride, rows, count, products_.data());
    for (size_t i = 0; i < count; i++) scores[i] = query_.scale() * static_cast<float>(products_[i]);
    if (rows_.bias == nullptr) return;
    for (size_t i = 0; i < count; i++) scores[i] += rows_.bias[rows[i]];
  }

  /** With the query in full precision: the cosine, the inner product, or less the squared distance. */
  float score_precisely(uint32_t row) const {
    const float product = query_.base() + kernels_.dot_code(query_.weights(), code(row), rows_.dim);
    return rows_.bias == nullptr ? product : product + rows_.bias[row];
  }

 private:
  const uint8_t* code(uint32_t row) const { return rows_.codes + row * rows_.stride; }

  const CodedRows& rows_;
  const Kernels& kernels_;
  QuantizedQuery query_;
  /** Room for the products of a call. */
  std::vector<int32_t> products_;
};

}  // namespace recall
