#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels.h"
#include "prefetch.h"
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

}  // namespace recall
