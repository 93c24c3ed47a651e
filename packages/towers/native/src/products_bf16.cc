#include "products_bf16.h"

#if defined(__x86_64__) && defined(__linux__) && __has_include(<avx512bf16intrin.h>)
#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#define BF16 __attribute__((target("avx512f,avx512bw,avx512bf16")))
#define BF16_INLINE inline __attribute__((always_inline, target("avx512f,avx512bw,avx512bf16")))

namespace recall {
namespace {

/** Pairs of neighbours along the depth, each of 32 bits, that a vector holds: the instruction sums up pair by pair. */
constexpr size_t kLanes = 16;

/** Sixteen sums of a tile are enough to hide how long an instruction takes, and leave registers for the operands. */
constexpr size_t kTileRows = 8;
constexpr size_t kPanel = 2 * kLanes;

/** What is converted at a time: a panel of the right operand and the left one stay in the first-level cache. */
constexpr size_t kDepth = 256;
constexpr size_t kPairs = kDepth / 2;
constexpr size_t kRows = 48;
constexpr size_t kColumns = 512;
static_assert(kRows % kLanes == 0 && kLanes % kTileRows == 0, "a tile lies within one group of rows");

struct alignas(64) Converted {
  /** Panels `[pairs, 32]`, one after the other. */
  uint32_t right[kPairs * kColumns];
  /** Rows `[kPairs]`, or groups `[kPairs, 16]` of rows that came turned. */
  uint32_t left[kRows * kPairs];
};

/** The pairs of a row: pair q is `first[q·step]`. */
struct LeftPairs {
  const uint32_t* first;
  size_t step;
  /** From one row of a tile to the next. */
  size_t row;
};

BF16_INLINE __mmask16 first_lanes(size_t count) {
  return count >= kLanes ? __mmask16{0xffff} : static_cast<__mmask16>((1u << count) - 1);
}

/** Both as bfloat16, the sixteen of `low` before those of `high`. */
BF16_INLINE __m512i convert(__m512 low, __m512 high) {
  return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
}

/** Up to 16 columns of a row and of the one after it, as pairs; zeros where there is `only` one. */
BF16_INLINE __m512i pair_rows(const float* row, size_t stride, size_t columns, bool only) {
  const __m512i interleaved = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                                               6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __mmask16 lanes = first_lanes(columns);
  const __m512 low = _mm512_maskz_loadu_ps(lanes, row);
  const __m512 high = only ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(lanes, row + stride);
  return _mm512_permutexvar_epi16(interleaved, convert(low, high));
}

BF16 void convert_right(const Right& right, size_t depth, size_t columns, uint32_t* to) {
  const size_t pairs = (depth + 1) / 2;
  for (size_t q = 0; q < pairs; q++) {
    const float* row = right.values + 2 * q * right.stride;
    for (size_t column = 0; column < columns; column += kLanes) {
      uint32_t* panel = to + column / kPanel * kPanel * pairs;
      _mm512_store_si512(panel + q * kPanel + column % kPanel,
                         pair_rows(row + column, right.stride, columns - column, 2 * q + 1 == depth));
    }
  }
}

/** Of a matrix whose rows are contiguous. */
BF16 void convert_rows(const Left& left, size_t rows, size_t depth, uint32_t* to) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t p = 0; p < depth; p += 2 * kLanes) {
      const float* from = left.values + i * left.row + p;
      const size_t behind = std::min(depth - p, 2 * kLanes) - std::min(depth - p, kLanes);
      const __m512 low = _mm512_maskz_loadu_ps(first_lanes(depth - p), from);
      const __m512 high = _mm512_maskz_loadu_ps(first_lanes(behind), from + kLanes);
      _mm512_store_si512(to + i * kPairs + p / 2, convert(low, high));
    }
  }
}

/** Of a matrix whose columns are contiguous. */
BF16 void convert_columns(const Left& left, size_t rows, size_t depth, uint32_t* to) {
  for (size_t i = 0; i < rows; i += kLanes) {
    for (size_t q = 0; 2 * q < depth; q++) {
      const float* from = left.values + i + 2 * q * left.step;
      _mm512_store_si512(to + i * kPairs + q * kLanes, pair_rows(from, left.step, rows - i, 2 * q + 1 == depth));
    }
  }
}

/** A tile of `rows` rows by `vectors` vectors of columns, of which the last has `lanes`. */
template <size_t rows, size_t vectors>
BF16_INLINE void tile(const LeftPairs& left, const uint32_t* right, size_t pairs, const Product& product,
                      __mmask16 lanes, bool add) {
  __m512 sums[rows][vectors];
  const auto mask = [lanes](size_t v) { return v + 1 == vectors ? lanes : __mmask16{0xffff}; };
#pragma GCC unroll 8
  for (size_t i = 0; i < rows; i++) {
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      const float* from = product.values + i * product.stride + v * kLanes;
      sums[i][v] = add ? _mm512_maskz_loadu_ps(mask(v), from) : _mm512_setzero_ps();
    }
  }
  const uint32_t* factors[rows];
#pragma GCC unroll 8
  for (size_t i = 0; i < rows; i++) factors[i] = left.first + i * left.row;
  for (size_t q = 0; q < pairs; q++) {
    __m512i columns[vectors];
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) columns[v] = _mm512_load_si512(right + q * kPanel + v * kLanes);
#pragma GCC unroll 8
    for (size_t i = 0; i < rows; i++) {
      const __m512i factor = _mm512_set1_epi32(static_cast<int>(factors[i][q * left.step]));
#pragma GCC unroll 2
      for (size_t v = 0; v < vectors; v++) {
        sums[i][v] = _mm512_dpbf16_ps(sums[i][v], reinterpret_cast<__m512bh>(factor),
                                      reinterpret_cast<__m512bh>(columns[v]));
      }
    }
  }
#pragma GCC unroll 8
  for (size_t i = 0; i < rows; i++) {
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      _mm512_mask_storeu_ps(product.values + i * product.stride + v * kLanes, mask(v), sums[i][v]);
    }
  }
}

/** The last tile of a panel, of `count` rows, which are 1 to `most`. */
template <size_t most, size_t vectors>
BF16_INLINE void last_tile(size_t count, const LeftPairs& left, const uint32_t* right, size_t pairs,
                           const Product& product, __mmask16 lanes, bool add) {
  if constexpr (most > 1) {
    if (count < most) return last_tile<most - 1, vectors>(count, left, right, pairs, product, lanes, add);
  }
  tile<most, vectors>(left, right, pairs, product, lanes, add);
}

/** One panel of columns of all rows that are converted. */
template <size_t vectors>
BF16 void multiply_panel(const Converted& converted, bool turned, size_t column, const Product& product,
                         const ProductShape& shape, bool add) {
  const size_t pairs = (shape.depth + 1) / 2;
  const uint32_t* right = converted.right + column * pairs;
  const __mmask16 lanes = first_lanes(shape.columns - (vectors - 1) * kLanes);
  for (size_t i = 0; i < shape.rows; i += kTileRows) {
    const LeftPairs left = turned ? LeftPairs{converted.left + i / kLanes * kLanes * kPairs + i % kLanes, kLanes, 1}
                                  : LeftPairs{converted.left + i * kPairs, 1, kPairs};
    const Product to{product.values + i * product.stride + column, product.stride};
    const size_t rows = shape.rows - i;
    if (rows >= kTileRows) tile<kTileRows, vectors>(left, right, pairs, to, lanes, add);
    else last_tile<kTileRows - 1, vectors>(rows, left, right, pairs, to, lanes, add);
  }
}

/** A product whose depth and columns are converted at once; the left operand is converted in blocks of rows. */
void multiply_block(const Left& left, const Right& right, const Product& product, const ProductShape& shape, bool add) {
  static thread_local Converted converted;
  convert_right(right, shape.depth, shape.columns, converted.right);
  const bool turned = left.step != 1;
  for (size_t i = 0; i < shape.rows; i += kRows) {
    const size_t rows = std::min(kRows, shape.rows - i);
    const Left from{left.values + i * left.row, left.row, left.step};
    if (turned) convert_columns(from, rows, shape.depth, converted.left);
    else convert_rows(from, rows, shape.depth, converted.left);
    const Product to{product.values + i * product.stride, product.stride};
    for (size_t column = 0; column < shape.columns; column += kPanel) {
      const ProductShape of_panel{rows, std::min(kPanel, shape.columns - column), shape.depth};
      if (of_panel.columns > kLanes) multiply_panel<2>(converted, turned, column, to, of_panel, add);
      else multiply_panel<1>(converted, turned, column, to, of_panel, add);
    }
  }
}

}  // namespace

bool has_bf16_products() {
  static const bool is_there = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512bf16");
  return is_there;
}

void multiply_bf16(const Left& left, const Right& right, const Product& product, const ProductShape& shape, bool add) {
  for (size_t p = 0; p < shape.depth; p += kDepth) {
    const size_t depth = std::min(kDepth, shape.depth - p);
    const Left from{left.values + p * left.step, left.row, left.step};
    for (size_t column = 0; column < shape.columns; column += kColumns) {
      const size_t columns = std::min(kColumns, shape.columns - column);
      multiply_block(from, {right.values + p * right.stride + column, right.stride},
                     {product.values + column, product.stride}, {shape.rows, columns, depth}, add || p > 0);
    }
  }
}

}  // namespace recall
#else

namespace recall {

bool has_bf16_products() { return false; }

void multiply_bf16(const Left&, const Right&, const Product&, const ProductShape&, bool) {}

}  // namespace recall
#endif
