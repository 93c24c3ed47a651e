#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "products.h"
#include "rows.h"

namespace recall {

/** Weights `[dim, dim]` that are applied as x·W, and biases `[dim]`. */
struct BlockWeights {
  const float *query, *query_bias, *key, *value, *value_bias, *output, *output_bias;
  const float *inner, *inner_bias, *outer, *outer_bias;
  /** `[heads, ages]` */
  const float* age_bias;
};

/** A pre-norm transformer block over sequences that lie one after the other, as block.ts states it. */
struct TransformerBlock {
  size_t dim;
  /** Divides `dim`. */
  size_t heads;
  /** At least the length of the longest sequence. */
  size_t ages;
  /** `[count + 1]`, rising: sequence s is the rows `offsets[s]` to `offsets[s + 1] - 1`. */
  const int32_t* offsets;
  size_t count;
  float epsilon;
  BlockWeights weights;
  /** Each `[rows, dim]`: of the outputs of attention, of the inner and of the outer layer. */
  Kept kept[3];
  /** Of the products with weights. Those within a sequence are too small to gain by another than float32. */
  Precision precision;

  size_t rows() const { return static_cast<size_t>(offsets[count]); }
  size_t longest() const;
};

/** Floats that {@link run_block} leaves for {@link run_block_gradient}. */
size_t saved_size(const TransformerBlock& block);

/** @param x,out `[rows, dim]`; saved `[saved_size]` */
void run_block(const TransformerBlock& block, const float* x, float* out, float* saved);

/** Of x `[rows, dim]`, and of each weight, of its shape. */
struct BlockGradients {
  float* x;
  float *query, *query_bias, *key, *value, *value_bias, *output, *output_bias;
  float *inner, *inner_bias, *outer, *outer_bias;
  float* age_bias;
};

/** @param gradient of what {@link run_block} gave, `[rows, dim]` */
void run_block_gradient(const TransformerBlock& block, const float* gradient, const float* saved, BlockGradients out);

}  // namespace recall
