#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "prefetch.h"

namespace recall {

/** A row as a code: see Quantizer. */
struct CodedRow {
  const uint8_t* code;
  float scale;
  /** `[dim]` each */
  const float* origin;
  const float* shift;
  const float* step;
};

/**
 * Scales to the length 127 and rounds. Inlined into functions for each instruction set, whose compiler then vectorises it.
 * @param values `[dim]` @param direction `[dim]`, zeros for a vector of no length or of one that no float holds
 */
ALWAYS_INLINE void round_direction(const float* __restrict values, size_t dim, int8_t* __restrict direction) {
  constexpr size_t kLanes = 32;
  float sums[kLanes] = {};
  size_t whole = 0;
  for (; whole + kLanes <= dim; whole += kLanes) {
    for (size_t lane = 0; lane < kLanes; lane++) sums[lane] += values[whole + lane] * values[whole + lane];
  }
  for (size_t d = whole; d < dim; d++) sums[d - whole] += values[d] * values[d];
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
  }
  const float length = std::sqrt(sums[0]);
  const float factor = length > 0 && length <= 3e38f ? 127 / length : 0;
  for (size_t d = 0; d < dim; d++) {
    const float scaled = values[d] * factor;
    direction[d] = static_cast<int8_t>(static_cast<int32_t>(scaled + (scaled < 0 ? -0.5f : 0.5f)));
  }
}

/** @param values `[dim]`, room for the values that the code stands for */
ALWAYS_INLINE void decode_row(const CodedRow& row, size_t dim, float* __restrict values) {
  const auto [code, scale, origin, shift, step] = row;
  for (size_t d = 0; d < dim; d++) values[d] = origin[d] + scale * (shift[d] + step[d] * static_cast<float>(code[d]));
}

}  // namespace recall
