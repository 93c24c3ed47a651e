#pragma once

#include <cstddef>

#include "products.h"

namespace recall {

/** A layer max(0, x·W + b) of x `[rows, inputs]`, W `[inputs, outputs]` and b `[outputs]`. */
struct ReluLayer {
  size_t rows;
  size_t inputs;
  size_t outputs;
  const float* x;
  Precision precision;
};

/** @param out `[rows, outputs]` */
void relu_layer(const ReluLayer& layer, const float* weight, const float* bias, float* out);

/** The gradients by W and b, from that of the layer's value, `[rows, outputs]`. */
void relu_layer_gradient(const ReluLayer& layer, const float* gradient, const float* value, float* of_weight,
                         float* of_bias);

}  // namespace recall
