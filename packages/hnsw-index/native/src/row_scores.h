#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "code_scores.h"
#include "image.h"
#include "kernels.h"
#include "prefetch.h"

namespace recall {

/** Scores the rows of a serving file for one query at a time, by whatever the file compares them by. */
class RowScores {
 public:
  RowScores(const ImageView& image, const Kernels& kernels)
      : image_(image), kernels_(kernels), codes_(image, kernels), query_(image.dim), by_vectors_(image.precision == Precision::kVectors) {}

  /** @param query `[dim]`, of length one for `cosine` */
  void set(const float* query) {
    if (!by_vectors_) return codes_.set(query);
    float largest = 0;
    for (size_t d = 0; d < image_.dim; d++) largest = std::max(largest, std::fabs(query[d]));
    // Shorter, it points to the same rows, and its products fit a float.
    const float factor = largest > kLongest ? kLongest / largest : 1;
    for (size_t d = 0; d < image_.dim; d++) query_[d] = query[d] * factor;
  }

  ALWAYS_INLINE void prefetch_row(uint32_t row) const {
    if (by_vectors_) {
      prefetch(vector(row), image_.dim * sizeof(float));
    } else {
      codes_.prefetch_row(row);
    }
  }

  /** To compare rows by: what is the same for all of them is left out. @param rows `[count]` @param scores `[count]` */
  void score(const uint32_t* rows, size_t count, float* scores) {
    if (by_vectors_) {
      score_vectors(query_.data(), rows, count, scores);
    } else {
      codes_.score(rows, count, scores);
    }
  }

  /** By the float32 vectors, which must be there. */
  void score_vectors(const float* query, const uint32_t* rows, size_t count, float* scores) const {
    for (size_t i = 0; i < count; i++) {
      scores[i] = image_.space == Space::kL2 ? -kernels_.squared_distance(query, vector(rows[i]), image_.dim)
                                             : kernels_.dot(query, vector(rows[i]), image_.dim);
    }
  }

  const CodeScores& codes() const { return codes_; }
  const float* vector(uint32_t row) const { return image_.vectors + row * size_t{image_.dim}; }

 private:
  /** With it, products with vectors of up to 1e22 fit a float. */
  static constexpr float kLongest = 1e15f;

  const ImageView& image_;
  const Kernels& kernels_;
  CodeScores codes_;
  std::vector<float> query_;
  const bool by_vectors_;
};

}  // namespace recall
