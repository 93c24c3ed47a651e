#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/**
 * Vectors of sixteen floats in the compilers' own notation. They are cut into what the processor has, and the order of
 * additions is the same on all of them.
 */
namespace recall {

constexpr size_t kLanes = 16;

typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(kLanes * sizeof(int32_t))));

// Functions of vectors are always inlined: as calls they would depend on the processor they were compiled for.
#define RECALL_INLINE inline __attribute__((always_inline))

RECALL_INLINE void load(const float* from, Floats* to) { std::memcpy(to, from, sizeof(Floats)); }
RECALL_INLINE void load(const int32_t* from, Ints* to) { std::memcpy(to, from, sizeof(Ints)); }
RECALL_INLINE void store(const Floats* from, float* to) { std::memcpy(to, from, sizeof(Floats)); }

/** Adds neighbours, then their sums, and so on. */
RECALL_INLINE float sum_of(const Floats* lanes) {
  float values[kLanes];
  store(lanes, values);
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; i++) values[i] += values[i + width];
  }
  return values[0];
}

RECALL_INLINE float largest_of(const Floats* lanes) {
  float values[kLanes];
  store(lanes, values);
  for (size_t i = 1; i < kLanes; i++) values[0] = values[i] > values[0] ? values[i] : values[0];
  return values[0];
}

/**
 * e^x to two units in the last place for x of at most 0; below −87 it gives 0.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2, and e^r by its Taylor series up to r^7, whose rest is below half a unit.
 */
RECALL_INLINE void exponentials(Floats* x) {
  constexpr float kLowest = -87.0f, kLog2E = 1.44269504f;
  // ln 2 in two parts: products of the first with a whole number are exact.
  constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  // Added to a small number it leaves the number rounded to the nearest whole.
  constexpr float kRounder = 12582912.0f;
  // NaN is not below and comes out as it is.
  const Ints below = *x < kLowest;
  const Floats at = below ? Floats{} + kLowest : *x;
  const Floats n = (at * kLog2E + kRounder) - kRounder;
  const Floats r = (at - n * kLn2High) - n * kLn2Low;
  Floats series = r * (1.0f / 5040) + 1.0f / 720;
  series = series * r + 1.0f / 120;
  series = series * r + 1.0f / 24;
  series = series * r + 1.0f / 6;
  series = series * r + 0.5f;
  series = series * r + 1.0f;
  series = series * r + 1.0f;
  const Ints exponent = (__builtin_convertvector(n, Ints) + 127) << 23;
  Floats power;
  std::memcpy(&power, &exponent, sizeof power);
  *x = below ? Floats{} : series * power;
}

}  // namespace recall
