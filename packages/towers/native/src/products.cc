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
RECALL_INLINE void panel(const Left& left, const Right& right, const Product& product, const ProductShape& shape,
                         size_t column, size_t count, bool add) {
  const Right from{right.values + column, right.stride};
  size_t i = 0;
  const auto at = [&](size_t row) { return Left{left.values + row * left.row, left.row, left.step}; };
  const auto to = [&](size_t row) { return Product{product.values + row * product.stride + column, product.stride}; };
  for (; i + kTileRows <= shape.rows; i += kTileRows) {
    tile<vectors, whole, kTileRows>(at(i), from, to(i), shape.depth, count, add);
  }
  for (; i < shape.rows; i++) tile<vectors, whole, 1>(at(i), from, to(i), shape.depth, count, add);
}

RECALL_MULTIVERSION void multiply_panels(const Left& left, const Right& right, const Product& product,
                                         const ProductShape& shape, bool add) {
  size_t column = 0;
  for (; column + 2 * kLanes <= shape.columns; column += 2 * kLanes) {
    panel<2, true>(left, right, product, shape, column, 0, add);
  }
  for (; column + kLanes <= shape.columns; column += kLanes) {
    panel<1, true>(left, right, product, shape, column, 0, add);
  }
  if (column < shape.columns) panel<1, false>(left, right, product, shape, column, shape.columns - column, add);
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
