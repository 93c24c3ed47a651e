#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "code_scores.h"
#include "kernels.h"
#include "memory.h"
#include "prefetch.h"
#include "quantizer.h"
#include "space.h"

namespace recall {

/** Vectors that lie a fixed number of bytes apart. */
struct VectorRows {
  const char* first;
  size_t bytes_between;
  size_t count;
  size_t dim;

  const float* at(size_t row) const { return reinterpret_cast<const float*>(first + row * bytes_between); }
};

/** How near two vectors are, as a number that is the less the nearer they are. */
class Metric {
 public:
  Metric(Space space, const Kernels& kernels, size_t dim) : space_(space), kernels_(kernels), dim_(dim) {}

  Space space() const { return space_; }
  const Kernels& kernels() const { return kernels_; }
  size_t dim() const { return dim_; }

  /** Never NaN, which has no place in an order: products of large values need not fit a float. */
  float distance(const float* a, const float* b) const {
    const float distance = space_ == Space::kL2 ? kernels_.squared_distance(a, b, dim_) : -kernels_.dot(a, b, dim_);
    return std::isnan(distance) ? std::numeric_limits<float>::infinity() : distance;
  }

 private:
  const Space space_;
  const Kernels& kernels_;
  const size_t dim_;
};

/** Compares an element with others by their vectors. */
class VectorScores {
 public:
  VectorScores(const VectorRows& vectors, const Metric& metric) : vectors_(vectors), metric_(metric) {}

  /** @param vector `[dim]`, which the others are compared with from now on */
  void set(const float* vector) { vector_ = vector; }

  ALWAYS_INLINE void prefetch_row(uint32_t row) const { prefetch(vectors_.at(row), vectors_.dim * sizeof(float)); }

  /** @param scores `[count]`, the higher the nearer */
  void score(const uint32_t* rows, size_t count, float* scores) const {
    for (size_t i = 0; i < count; i++) scores[i] = -metric_.distance(vector_, vectors_.at(rows[i]));
  }

 private:
  const VectorRows& vectors_;
  const Metric& metric_;
  const float* vector_ = nullptr;
};

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
