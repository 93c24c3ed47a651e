#include "relu_layer.h"

#include <algorithm>
#include <vector>

#include "block_memory.h"
#include "columns.h"
#include "parallel.h"
#include "products.h"
#include "rows.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 16 * 1024;

}  // namespace

void relu_layer(const ReluLayer& layer, const float* weight, const float* bias, float* out) {
  const size_t inputs = layer.inputs, outputs = layer.outputs;
  parallel(layer.rows, kGrain / outputs + 1, [&](size_t first, size_t last) {
    multiply({layer.x + first * inputs, inputs, 1}, {weight, outputs}, {out + first * outputs, outputs},
             {last - first, outputs, inputs}, layer.precision);
    for (size_t row = first; row < last; row++) {
      float* y = out + row * outputs;
      add_row(bias, y, outputs);
      rectify_row(y, {nullptr, 1}, outputs);
    }
  });
}

void relu_layer_gradient(const ReluLayer& layer, const float* gradient, const float* value, float* of_weight,
                         float* of_bias) {
  const size_t rows = layer.rows, inputs = layer.inputs, outputs = layer.outputs;
  const Buffer passing(rows * outputs);
  parallel(rows, kGrain / outputs + 1, [&](size_t first, size_t last) {
    float* slope = passing.get() + first * outputs;
    std::copy_n(gradient + first * outputs, (last - first) * outputs, slope);
    pass_row(slope, value + first * outputs, 1, (last - first) * outputs);
  });
  parallel(inputs, kGrain / (rows * outputs) + 1, [&](size_t first, size_t last) {
    multiply_tall({layer.x + first, 1, inputs}, {passing.get(), outputs}, {of_weight + first * outputs, outputs},
                  {last - first, outputs, rows}, layer.precision);
  });
  std::vector<double> sums(outputs);
  sum_columns({passing.get(), rows, outputs}, sums.data());
  std::copy(sums.begin(), sums.end(), of_bias);
}

}  // namespace recall
