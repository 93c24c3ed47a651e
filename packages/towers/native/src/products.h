#pragma once

#include <cstddef>

namespace recall {

/** A matrix `[rows, depth]` whose entry (i, p) is `values[i·row + p·step]`; the transpose swaps both strides. */
struct Left {
  const float* values;
  size_t row;
  size_t step;
};

/** A row-major matrix `[depth, columns]`, rows `stride` apart. */
struct Right {
  const float* values;
  size_t stride;
};

/** As {@link Right}, `[rows, columns]`. */
struct Product {
  float* values;
  size_t stride;
};

struct ProductShape {
  size_t rows;
  size_t columns;
  size_t depth;
};

/** What the operands of a product are rounded to; see products_bf16.h. Sums and the product are float32 in any case. */
enum class Precision { float32, bfloat16 };

/**
 * product = left·right on the calling thread. For matrices that fit the second-level cache, such as the layers of a
 * transformer of 64 dimensions, where calls of a library cost more than the products.
 */
void multiply(Left left, Right right, Product product, ProductShape shape, Precision precision = Precision::float32);

/** product += left·right, as {@link multiply}. */
void multiply_add(Left left, Right right, Product product, ProductShape shape,
                  Precision precision = Precision::float32);

/** product = xᵀ·y for x `[depth, rows]` and y `[depth, columns]`, both tall: in pieces that stay in the cache. */
void multiply_tall(Left left, Right right, Product product, ProductShape shape,
                   Precision precision = Precision::float32);

}  // namespace recall
