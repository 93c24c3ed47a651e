#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "code_scores.h"
#include "memory.h"
#include "quantizer.h"
#include "vector_scores.h"

namespace recall {

/** Where codes are written. Parts that are null are not wanted. */
struct CodeArrays {
  /** `[count, stride]` */
  uint8_t* codes = nullptr;
  uint8_t* residuals = nullptr;
  /** `[count]` */
  float* scales = nullptr;
  float* bias = nullptr;
  float* fine_bias = nullptr;
};

/** @param vector_at the vector whose code comes at a place */
void encode_rows(const Quantizer& quantizer, size_t count, const std::function<const float*(size_t)>& vector_at,
                 const CodeArrays& to, size_t threads);

/** Codes of all vectors of a build, a quarter of their bytes; with residuals half of them. */
class CodedVectors {
 public:
  /** @throws std::bad_alloc */
  CodedVectors(const VectorRows& vectors, Space space, bool is_scaled, bool has_residuals, size_t threads);
  CodedVectors(const CodedVectors&) = delete;
  CodedVectors& operator=(const CodedVectors&) = delete;

  const CodedRows& rows() const { return rows_; }
  /** The same codes for wide queries. */
  CodedRows with_wide_queries() const {
    CodedRows rows = rows_;
    rows.has_wide_queries = true;
    return rows;
  }

 private:
  const Quantizer quantizer_;
  Memory codes_;
  Memory residuals_;
  std::vector<float> scales_;
  std::vector<float> bias_;
  std::vector<float> fine_bias_;
  CodedRows rows_;
};

}  // namespace recall
