#include "products.h"

#include <algorithm>
#include <cstring>

#include "multiversion.h"
#include "products_bf16.h"
#include "vectors.h"

namespace recall {
namespace {

/** Rows of a tile: with two vectors a row, its sums take half of the registers of AVX-512. */
constexpr size_t kTileRows = 4;

/** Columns of a panel: two vectors. */
constexpr size_t kPanel = 2 * kLanes;

/** What is copied at a time: a panel of the right operand and the rows of the left one stay in the innermost cache. */
constexpr size_t kDepth = 128;
constexpr size_t kColumns = 4 * kPanel;
constexpr size_t kRows = 32;

/**
 * Floats between two rows of an operand from which a copy pays: the rows lie on pages of their own, and often a power of
 * two apart, so that they share a few places of a cache.
 */
constexpr size_t kFar = 128;

struct alignas(64) Copies {
  /** Panels `[depth, kPanel]`, one after the other. */
  float right[kDepth * kColumns];
  /** Turned rows `[depth, kRows]`. */
  float left[kDepth * kRows];
};

/** Rows of tall matrices that are worked on at a time. */
constexpr size_t kTallRows = 128;

template <bool whole>
RECALL_INLINE void load_columns(const float* from, size_t count, Floats* to) {
  if (whole) {
    load(from, to);
  } else {
    *to = Floats{};
    std::memcpy(to, from, count * sizeof(float));
  }
}

/** One vector of columns of up to four rows; `count` columns where the vector is not whole. */
template <size_t vectors, bool whole, size_t rows>
RECALL_INLINE void tile(const Left& left, const Right& right, const Product& product, size_t depth, size_t count,
                        bool add) {
  Floats sums[rows][vectors];
#pragma GCC unroll 4
  for (size_t i = 0; i < rows; i++) {
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      sums[i][v] = Floats{};
      if (add) load_columns<whole>(product.values + i * product.stride + v * kLanes, count, &sums[i][v]);
    }
  }
  for (size_t p = 0; p < depth; p++) {
    Floats columns[vectors];
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      load_columns<whole>(right.values + p * right.stride + v * kLanes, count, &columns[v]);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < rows; i++) {
      const float factor = left.values[i * left.row + p * left.step];
#pragma GCC unroll 2
      for (size_t v = 0; v < vectors; v++) sums[i][v] += columns[v] * factor;
    }
  }
#pragma GCC unroll 4
  for (size_t i = 0; i < rows; i++) {
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      float* to = product.values + i * product.stride + v * kLanes;
      if (whole) store(&sums[i][v], to);
      else std::memcpy(to, &sums[i][v], count * sizeof(float));
    }
  }
}

template <size_t vectors, bool whole>
RECALL_INLINE void panel(const Left& left, const Right& right, const Product& product, size_t rows, size_t depth,
                         size_t count, bool add) {
  size_t i = 0;
  const auto at = [&](size_t row) { return Left{left.values + row * left.row, left.row, left.step}; };
  const auto to = [&](size_t row) { return Product{product.values + row * product.stride, product.stride}; };
  for (; i + kTileRows <= rows; i += kTileRows) {
    tile<vectors, whole, kTileRows>(at(i), right, to(i), depth, count, add);
  }
  for (; i < rows; i++) tile<vectors, whole, 1>(at(i), right, to(i), depth, count, add);
}

RECALL_INLINE void copy_rows(const float* from, size_t stride, size_t rows, size_t count, float* to, size_t to_stride) {
  for (size_t row = 0; row < rows; row++) std::memcpy(to + row * to_stride, from + row * stride, count * sizeof(float));
}

/** Some panels from copies of what lies far apart. The sums are those of `panel`, added up in the same order. */
RECALL_INLINE void packed_panels(const Left& left, const Right& right, const Product& product,
                                 const ProductShape& shape, bool add) {
  const auto [rows, columns, depth] = shape;
  Copies copies;
  for (size_t c = 0; c < columns; c += kPanel) {
    copy_rows(right.values + c, right.stride, depth, kPanel, copies.right + c * kDepth, kPanel);
  }
  for (size_t i = 0; i < rows; i += kRows) {
    const size_t count = std::min(kRows, rows - i);
    Left from{left.values + i * left.row, left.row, left.step};
    if (left.row == 1 && left.step >= kFar) {
      copy_rows(from.values, left.step, depth, count, copies.left, kRows);
      from = {copies.left, 1, kRows};
    }
    for (size_t c = 0; c < columns; c += kPanel) {
      const Product to{product.values + i * product.stride + c, product.stride};
      panel<2, true>(from, {copies.right + c * kDepth, kPanel}, to, count, depth, 0, add);
    }
  }
}

RECALL_MULTIVERSION void multiply_panels(const Left& left, const Right& right, const Product& product,
                                         const ProductShape& shape, bool add) {
  const auto [rows, columns, depth] = shape;
  size_t column = 0;
  const auto from = [&](size_t p) { return Right{right.values + p * right.stride + column, right.stride}; };
  const auto to = [&] { return Product{product.values + column, product.stride}; };
  if (right.stride >= kFar && rows >= kRows) {
    const size_t panels = columns / kPanel * kPanel;
    for (; column < panels; column += kColumns) {
      for (size_t p = 0; p < depth; p += kDepth) {
        const ProductShape part{rows, std::min(kColumns, panels - column), std::min(kDepth, depth - p)};
        packed_panels({left.values + p * left.step, left.row, left.step}, from(p), to(), part, add || p > 0);
      }
    }
    column = panels;
  }
  for (; column + kPanel <= columns; column += kPanel) panel<2, true>(left, from(0), to(), rows, depth, 0, add);
  for (; column + kLanes <= columns; column += kLanes) panel<1, true>(left, from(0), to(), rows, depth, 0, add);
  if (column < columns) panel<1, false>(left, from(0), to(), rows, depth, columns - column, add);
}

}  // namespace

void multiply(Left left, Right right, Product product, ProductShape shape, Precision precision) {
  if (precision == Precision::bfloat16) return multiply_bf16(left, right, product, shape, false);
  multiply_panels(left, right, product, shape, false);
}

void multiply_add(Left left, Right right, Product product, ProductShape shape, Precision precision) {
  if (precision == Precision::bfloat16) return multiply_bf16(left, right, product, shape, true);
  multiply_panels(left, right, product, shape, true);
}

void multiply_tall(Left left, Right right, Product product, ProductShape shape, Precision precision) {
  if (precision == Precision::bfloat16) return multiply_bf16(left, right, product, shape, false);
  for (size_t p = 0; p < shape.depth; p += kTallRows) {
    const Left from{left.values + p * left.step, left.row, left.step};
    const Right with{right.values + p * right.stride, right.stride};
    multiply_panels(from, with, product, {shape.rows, shape.columns, std::min(kTallRows, shape.depth - p)}, p > 0);
  }
}

}  // namespace recall
