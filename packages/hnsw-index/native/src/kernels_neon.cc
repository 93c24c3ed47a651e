#if defined(__aarch64__)
#include <arm_neon.h>

#include "direction.h"
#include "kernels.h"

namespace recall {
namespace {

/** Widened to 16 bits first, which every 64-bit ARM can; the products of a signed and an unsigned byte fit 16 bits. */
void score_codes(const int8_t* query, const uint8_t* codes, size_t stride, const uint32_t* rows, size_t count,
                 int32_t* out) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t* code = codes + rows[i] * stride;
    int32x4_t sum = vdupq_n_s32(0);
    for (size_t d = 0; d < stride; d += kCodeAlignment) {
      const int8x16_t q = vld1q_s8(query + d);
      const uint8x16_t c = vld1q_u8(code + d);
      const int16x8_t low = vmulq_s16(vmovl_s8(vget_low_s8(q)), vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(c))));
      const int16x8_t high = vmulq_s16(vmovl_s8(vget_high_s8(q)), vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(c))));
      sum = vpadalq_s16(vpadalq_s16(sum, low), high);
    }
    out[i] = vaddvq_s32(sum);
  }
}

float dot_code(const float* weights, const uint8_t* code, size_t dim) {
  float32x4_t sum = vdupq_n_f32(0);
  size_t d = 0;
  for (; d + 8 <= dim; d += 8) {
    const uint16x8_t wide = vmovl_u8(vld1_u8(code + d));
    sum = vfmaq_f32(sum, vld1q_f32(weights + d), vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide))));
    sum = vfmaq_f32(sum, vld1q_f32(weights + d + 4), vcvtq_f32_u32(vmovl_u16(vget_high_u16(wide))));
  }
  float total = vaddvq_f32(sum);
  for (; d < dim; d++) total += weights[d] * static_cast<float>(code[d]);
  return total;
}

template <bool kDistance>
inline float32x4_t accumulate(float32x4_t a, float32x4_t b, float32x4_t sum) {
  if constexpr (!kDistance) return vfmaq_f32(sum, a, b);
  const float32x4_t difference = vsubq_f32(a, b);
  return vfmaq_f32(sum, difference, difference);
}

template <bool kDistance>
float compare(const float* a, const float* b, size_t dim) {
  float32x4_t even = vdupq_n_f32(0);
  float32x4_t odd = vdupq_n_f32(0);
  size_t d = 0;
  for (; d + 8 <= dim; d += 8) {
    even = accumulate<kDistance>(vld1q_f32(a + d), vld1q_f32(b + d), even);
    odd = accumulate<kDistance>(vld1q_f32(a + d + 4), vld1q_f32(b + d + 4), odd);
  }
  float total = vaddvq_f32(vaddq_f32(even, odd));
  for (; d < dim; d++) total += kDistance ? (a[d] - b[d]) * (a[d] - b[d]) : a[d] * b[d];
  return total;
}

template <bool kDistance>
void tile(const float* const* queries, const float* rows, size_t dim, float* out) {
  for (size_t q = 0; q < kTile; q++) {
    for (size_t r = 0; r < kTile; r++) out[q * kTile + r] = compare<kDistance>(queries[q], rows + r * dim, dim);
  }
}
void vector_direction(const float* vector, size_t dim, int8_t* direction) { round_direction(vector, dim, direction); }

void code_direction(const CodedRow& row, size_t dim, float* values, int8_t* direction) {
  decode_row(row, dim, values);
  round_direction(values, dim, direction);
}

}  // namespace

const Kernels neon_kernels = {"neon", score_codes, dot_code, compare<false>, compare<true>, tile<false>, tile<true>,
                              4, nullptr, nullptr, raise_largest_portably, vector_direction, code_direction};

}  // namespace recall
#endif
