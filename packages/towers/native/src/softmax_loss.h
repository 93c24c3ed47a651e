#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** Something of each column, either one for all rows (`stride` 0) or each row's own (`stride` columns), or nothing. */
template <typename T>
struct PerColumn {
  const T* values;
  size_t stride;

  explicit operator bool() const { return values != nullptr; }
  const T* row(size_t i) const { return values + i * stride; }
};

/** Scores `[rows, columns]` of which each row's column `labels[row]` should win. */
struct Contrast {
  const float* scores;
  size_t rows;
  size_t columns;
  const int32_t* labels;
  /** Added to the scores. */
  PerColumn<float> bias;
  /** A column that holds the same item as the row's label is no negative: it is left out. */
  PerColumn<int32_t> items;
  /** Of each row's loss. */
  const float* weights;
};

/**
 * Cross-entropy of each row's softmax, by weight: `losses` `[rows]` and their gradient by the scores
 * `[rows, columns]`. Labels must lie in [0, columns).
 */
void softmax_loss(const Contrast& contrast, float* losses, float* gradient);

}  // namespace recall
