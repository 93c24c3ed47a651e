#pragma once

#include <cstddef>
#include <vector>

#include "code_scores.h"
#include "memory.h"
#include "quantizer.h"
#include "vector_scores.h"

namespace recall {

/** Codes of all vectors of a build, a quarter of their bytes. */
class CodedVectors {
 public:
  /** @throws std::bad_alloc */
  CodedVectors(const VectorRows& vectors, const Metric& metric, size_t threads);
  CodedVectors(const CodedVectors&) = delete;
  CodedVectors& operator=(const CodedVectors&) = delete;

  const CodedRows& rows() const { return rows_; }

 private:
  const Quantizer quantizer_;
  Memory codes_;
  std::vector<float> bias_;
  const CodedRows rows_;
};

/**
 * How well codes stand for vectors: of the rows that are nearest to a row, the share that is also found when some more
 * of them are looked for by codes. The mean over a sample of rows, each compared with all.
 * @param nearest how many by vectors @param looked_for how many by codes
 */
double share_found_by_codes(const VectorRows& vectors, const CodedVectors& codes, const Metric& metric, size_t nearest,
                            size_t looked_for, size_t threads);

}  // namespace recall
