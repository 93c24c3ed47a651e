#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "direction.h"
#include "kernels.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

namespace recall {
namespace {

/** A mask of the first `count` lanes; all of them from `lanes` on. */
inline uint64_t first_lanes(size_t count, size_t lanes) {
  return count >= lanes ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
}

/** `[a, b, c, d]`: the sums of the lanes of four registers. */
AVX512 inline __m128i sum_lanes(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  const __m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

AVX512 void score_codes(const int8_t* query, const uint8_t* codes, size_t stride, const uint32_t* rows, size_t count,
                        int32_t* out) {
  for (size_t i = 0; i < count; i += 4) {
    const size_t left = count - i;
    const uint8_t* row[4];
    for (size_t r = 0; r < 4; r++) row[r] = codes + rows[i + (r < left ? r : 0)] * stride;
    __m512i sum[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    for (size_t d = 0; d < stride; d += 64) {
      const __mmask64 mask = first_lanes(stride - d, 64);
      const __m512i q = _mm512_maskz_loadu_epi8(mask, query + d);
      for (size_t r = 0; r < 4; r++) {
        sum[r] = _mm512_dpbusd_epi32(sum[r], _mm512_maskz_loadu_epi8(mask, row[r] + d), q);
      }
    }
    _mm_mask_storeu_epi32(out + i, static_cast<__mmask8>(first_lanes(left, 4) & 0xf),
                          sum_lanes(sum[0], sum[1], sum[2], sum[3]));
  }
}

AVX512 inline __m512 add_codes(const float* weights, const uint8_t* code, __mmask16 mask, __m512 sum) {
  const __m512 c = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, code)));
  return _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, weights), c, sum);
}

AVX512 float dot_code(const float* weights, const uint8_t* code, size_t dim) {
  // Two sums, so that one addition need not wait for the other.
  __m512 even = _mm512_setzero_ps();
  __m512 odd = _mm512_setzero_ps();
  size_t d = 0;
  for (; d + 32 <= dim; d += 32) {
    even = add_codes(weights + d, code + d, 0xffff, even);
    odd = add_codes(weights + d + 16, code + d + 16, 0xffff, odd);
  }
  for (; d < dim; d += 16) {
    even = add_codes(weights + d, code + d, static_cast<__mmask16>(first_lanes(dim - d, 16)), even);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

AVX512 inline __m512 accumulate(bool is_distance, __m512 a, __m512 b, __m512 sum) {
  if (!is_distance) return _mm512_fmadd_ps(a, b, sum);
  const __m512 difference = _mm512_sub_ps(a, b);
  return _mm512_fmadd_ps(difference, difference, sum);
}

template <bool kDistance>
AVX512 float compare(const float* a, const float* b, size_t dim) {
  __m512 even = _mm512_setzero_ps();
  __m512 odd = _mm512_setzero_ps();
  size_t d = 0;
  for (; d + 32 <= dim; d += 32) {
    even = accumulate(kDistance, _mm512_loadu_ps(a + d), _mm512_loadu_ps(b + d), even);
    odd = accumulate(kDistance, _mm512_loadu_ps(a + d + 16), _mm512_loadu_ps(b + d + 16), odd);
  }
  for (; d < dim; d += 16) {
    const __mmask16 mask = static_cast<__mmask16>(first_lanes(dim - d, 16));
    even = accumulate(kDistance, _mm512_maskz_loadu_ps(mask, a + d), _mm512_maskz_loadu_ps(mask, b + d), even);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

/** `[a, b, c, d]`: the sums of the lanes of four registers. */
AVX512 inline __m128 sum_lanes(__m512 a, __m512 b, __m512 c, __m512 d) {
  const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
  const __m512 low = _mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(1, 0, 1, 0));
  const __m512 high = _mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(3, 2, 3, 2));
  const __m512 abcd = _mm512_add_ps(low, high);
  const __m128 first = _mm_add_ps(_mm512_castps512_ps128(abcd), _mm512_extractf32x4_ps(abcd, 1));
  return _mm_add_ps(first, _mm_add_ps(_mm512_extractf32x4_ps(abcd, 2), _mm512_extractf32x4_ps(abcd, 3)));
}

template <bool kDistance>
AVX512 void tile(const float* const* queries, const float* rows, size_t dim, float* out) {
  __m512 sum[kTile][kTile];
  for (auto& line : sum) line[0] = line[1] = line[2] = line[3] = _mm512_setzero_ps();
  for (size_t d = 0; d < dim; d += 16) {
    const __mmask16 mask = static_cast<__mmask16>(first_lanes(dim - d, 16));
    __m512 row[kTile];
    for (size_t r = 0; r < kTile; r++) row[r] = _mm512_maskz_loadu_ps(mask, rows + r * dim + d);
    for (size_t q = 0; q < kTile; q++) {
      const __m512 query = _mm512_maskz_loadu_ps(mask, queries[q] + d);
      for (size_t r = 0; r < kTile; r++) sum[q][r] = accumulate(kDistance, query, row[r], sum[q][r]);
    }
  }
  for (size_t q = 0; q < kTile; q++) {
    _mm_storeu_ps(out + q * kTile, sum_lanes(sum[q][0], sum[q][1], sum[q][2], sum[q][3]));
  }
}

/**
 * Adds products of the same four values of a code. Compilers would load those into a register first, and copy every sum
 * before they add to it.
 */
AVX512 inline void add_products(__m512i& sum, __m512i values, const int8_t* code) {
  asm("vpdpbusd %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(values), "m"(*reinterpret_cast<const int8_t(*)[4]>(code)));
}

AVX512 inline __m512i largest_of(__m512i a, __m512i b, __m512i c, __m512i d) {
  return _mm512_max_epi32(_mm512_max_epi32(a, b), _mm512_max_epi32(c, d));
}

/** Four values of each of the block's codes, each with 128 more. */
AVX512 inline __m512i raised_values(const int8_t* block, size_t at) {
  return _mm512_xor_si512(_mm512_loadu_si512(block + at * kBlock), _mm512_set1_epi8(-128));
}

/** Eight codes at a time share the loads of the block; sums that stand in an array would be copied to and fro. */
AVX512 __m512i products_of_eight(const int8_t* block, size_t size, const int8_t* codes, const int32_t* sums) {
  __m512i a = _mm512_set1_epi32(-sums[0]), b = _mm512_set1_epi32(-sums[1]);
  __m512i c = _mm512_set1_epi32(-sums[2]), d = _mm512_set1_epi32(-sums[3]);
  __m512i e = _mm512_set1_epi32(-sums[4]), f = _mm512_set1_epi32(-sums[5]);
  __m512i g = _mm512_set1_epi32(-sums[6]), h = _mm512_set1_epi32(-sums[7]);
  for (size_t at = 0; at < size; at += 4) {
    const __m512i values = raised_values(block, at);
    add_products(a, values, codes + at);
    add_products(b, values, codes + at + size);
    add_products(c, values, codes + at + 2 * size);
    add_products(d, values, codes + at + 3 * size);
    add_products(e, values, codes + at + 4 * size);
    add_products(f, values, codes + at + 5 * size);
    add_products(g, values, codes + at + 6 * size);
    add_products(h, values, codes + at + 7 * size);
  }
  return _mm512_max_epi32(largest_of(a, b, c, d), largest_of(e, f, g, h));
}

/** In two sums, since one would wait for the last addition to it. */
AVX512 __m512i products_of_one(const int8_t* block, size_t size, const int8_t* code, int32_t sum) {
  __m512i even = _mm512_set1_epi32(-sum);
  __m512i odd = _mm512_setzero_si512();
  size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    add_products(even, raised_values(block, at), code + at);
    add_products(odd, raised_values(block, at + 4), code + at + 4);
  }
  if (at < size) add_products(even, raised_values(block, at), code + at);
  return _mm512_add_epi32(even, odd);
}

/**
 * The instruction takes unsigned values: with 128 more in each of the block's, the products are larger by 128 times the sum
 * of the other code.
 */
AVX512 void raise_largest(const int8_t* block, size_t groups, const int8_t* codes, const int32_t* sums, size_t count,
                          int32_t* largest) {
  const size_t size = 4 * groups;
  __m512i kept = _mm512_loadu_si512(largest);
  size_t i = 0;
  // The codes of zeros behind the last change nothing.
  for (; i + 3 <= count; i += 8) {
    kept = _mm512_max_epi32(kept, products_of_eight(block, size, codes + i * size, sums + i));
  }
  for (; i < count; i++) kept = _mm512_max_epi32(kept, products_of_one(block, size, codes + i * size, sums[i]));
  _mm512_storeu_si512(largest, kept);
}

AVX512 void vector_direction(const float* vector, size_t dim, int8_t* direction) { round_direction(vector, dim, direction); }

AVX512 void code_direction(const CodedRow& row, size_t dim, float* values, int8_t* direction) {
  decode_row(row, dim, values);
  round_direction(values, dim, direction);
}

}  // namespace

const Kernels avx512_kernels = {"avx512-vnni", score_codes, dot_code, compare<false>, compare<true>, tile<false>,
                                tile<true>, 4, nullptr, nullptr, raise_largest, vector_direction,
                                code_direction};

}  // namespace recall
#endif
