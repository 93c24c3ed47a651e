#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "direction.h"
#include "kernels.h"

#define AVX2 __attribute__((target("avx2,fma")))

namespace recall {
namespace {

AVX2 inline int32_t sum_lanes(__m256i v) {
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, _MM_SHUFFLE(1, 0, 3, 2)));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, _MM_SHUFFLE(2, 3, 0, 1)));
  return _mm_cvtsi128_si32(half);
}

AVX2 inline float sum_lanes(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  half = _mm_add_ss(half, _mm_movehdup_ps(half));
  return _mm_cvtss_f32(half);
}

/** Widened to 16 bits first: `maddubs` on the bytes themselves would saturate. */
AVX2 void score_codes(const int8_t* query, const uint8_t* codes, size_t stride, const uint32_t* rows, size_t count,
                      int32_t* out) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t* code = codes + rows[i] * stride;
    __m256i sum = _mm256_setzero_si256();
    for (size_t d = 0; d < stride; d += kCodeAlignment) {
      const __m256i q = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(query + d)));
      const __m256i c = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(code + d)));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(q, c));
    }
    out[i] = sum_lanes(sum);
  }
}

AVX2 float dot_code(const float* weights, const uint8_t* code, size_t dim) {
  __m256 sum = _mm256_setzero_ps();
  size_t d = 0;
  for (; d + 8 <= dim; d += 8) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(code + d));
    sum = _mm256_fmadd_ps(_mm256_loadu_ps(weights + d), _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)), sum);
  }
  float total = sum_lanes(sum);
  for (; d < dim; d++) total += weights[d] * static_cast<float>(code[d]);
  return total;
}

AVX2 inline __m256 accumulate(bool is_distance, __m256 a, __m256 b, __m256 sum) {
  if (!is_distance) return _mm256_fmadd_ps(a, b, sum);
  const __m256 difference = _mm256_sub_ps(a, b);
  return _mm256_fmadd_ps(difference, difference, sum);
}

inline float tail(bool is_distance, float a, float b) { return is_distance ? (a - b) * (a - b) : a * b; }

template <bool kDistance>
AVX2 float compare(const float* a, const float* b, size_t dim) {
  __m256 even = _mm256_setzero_ps();
  __m256 odd = _mm256_setzero_ps();
  size_t d = 0;
  for (; d + 16 <= dim; d += 16) {
    even = accumulate(kDistance, _mm256_loadu_ps(a + d), _mm256_loadu_ps(b + d), even);
    odd = accumulate(kDistance, _mm256_loadu_ps(a + d + 8), _mm256_loadu_ps(b + d + 8), odd);
  }
  float total = sum_lanes(_mm256_add_ps(even, odd));
  for (; d < dim; d++) total += tail(kDistance, a[d], b[d]);
  return total;
}

/** Two rows at a time: eight sums and what is loaded fill the sixteen registers. */
template <bool kDistance>
AVX2 void tile(const float* const* queries, const float* rows, size_t dim, float* out) {
  for (size_t r = 0; r < kTile; r += 2) {
    const float* const first = rows + r * dim;
    const float* const second = first + dim;
    __m256 sum[kTile][2];
    for (auto& pair : sum) pair[0] = pair[1] = _mm256_setzero_ps();
    size_t d = 0;
    for (; d + 8 <= dim; d += 8) {
      const __m256 x = _mm256_loadu_ps(first + d);
      const __m256 y = _mm256_loadu_ps(second + d);
      for (size_t q = 0; q < kTile; q++) {
        const __m256 value = _mm256_loadu_ps(queries[q] + d);
        sum[q][0] = accumulate(kDistance, value, x, sum[q][0]);
        sum[q][1] = accumulate(kDistance, value, y, sum[q][1]);
      }
    }
    for (size_t q = 0; q < kTile; q++) {
      float* const pair = out + q * kTile + r;
      pair[0] = sum_lanes(sum[q][0]);
      pair[1] = sum_lanes(sum[q][1]);
      for (size_t t = d; t < dim; t++) {
        pair[0] += tail(kDistance, queries[q][t], first[t]);
        pair[1] += tail(kDistance, queries[q][t], second[t]);
      }
    }
  }
}

/** Products of signed bytes, two and two: `maddubs` wants one side without a sign, and in [-127, 127] no sum saturates. */
AVX2 inline __m256i add_products(__m256i sum, __m256i values, __m256i code) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(values), _mm256_sign_epi8(code, values));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

AVX2 void raise_largest(const int8_t* block, size_t groups, const int8_t* codes, const int32_t*, size_t count,
                        int32_t* largest) {
  const auto* const values = reinterpret_cast<const __m256i*>(block);
  auto* const kept = reinterpret_cast<__m256i*>(largest);
  for (size_t i = 0; i < count; i++) {
    const int8_t* const code = codes + i * 4 * groups;
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (size_t g = 0; g < groups; g++) {
      int32_t four;
      std::memcpy(&four, code + 4 * g, sizeof four);
      const __m256i same = _mm256_set1_epi32(four);
      low = add_products(low, _mm256_loadu_si256(values + 2 * g), same);
      high = add_products(high, _mm256_loadu_si256(values + 2 * g + 1), same);
    }
    _mm256_storeu_si256(kept, _mm256_max_epi32(_mm256_loadu_si256(kept), low));
    _mm256_storeu_si256(kept + 1, _mm256_max_epi32(_mm256_loadu_si256(kept + 1), high));
  }
}

AVX2 void vector_direction(const float* vector, size_t dim, int8_t* direction) { round_direction(vector, dim, direction); }

AVX2 void code_direction(const CodedRow& row, size_t dim, float* values, int8_t* direction) {
  decode_row(row, dim, values);
  round_direction(values, dim, direction);
}

}  // namespace

const Kernels avx2_kernels = {"avx2", score_codes, dot_code, compare<false>, compare<true>, tile<false>, tile<true>,
                              4, nullptr, nullptr, raise_largest, vector_direction, code_direction};

}  // namespace recall
#endif
