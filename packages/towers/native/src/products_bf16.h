#pragma once

#include "products.h"

namespace recall {

/** Whether this processor has the instructions of {@link multiply_bf16} (AVX512_BF16). */
bool has_bf16_products();

/**
 * product = left·right, or product += left·right with `add`, of operands rounded to bfloat16, to the nearest and halves
 * to even; products and sums are in float32. Numbers below 2^-126 count as zero. Each entry is summed in the same order
 * wherever its row and column lie, so that a product may be cut between threads.
 *
 * With 8 bits of a mantissa a factor is off by up to 2^-9 of itself, and a sum by up to about 2^-8·Σ|l·r|.
 * To be called where {@link has_bf16_products} only.
 */
void multiply_bf16(const Left& left, const Right& right, const Product& product, const ProductShape& shape, bool add);

}  // namespace recall
