#include <cmath>

#include "hidden_layer.h"
#include "softmax_loss.h"
#include "tests.h"
#include "unit_rows.h"

namespace recall {
namespace {

bool all_finite(const std::vector<float>& values) {
  for (const float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

}  // namespace

void test_softmax_loss() {
  // The last row ends where the array ends; each kind of column, and none.
  std::vector<float> scores = floats(kRows * kDim, 21);
  for (float& score : scores) score *= 100;
  const std::vector<int32_t> labels = rows_of(kDim, kRows, false, 22);
  const std::vector<float> bias = floats(kDim, 23), own_bias = floats(kRows * kDim, 24);
  const std::vector<int32_t> items = rows_of(9, kDim, false, 25), own_items = rows_of(9, kRows * kDim, false, 26);
  const std::vector<float> weights(kRows, 0.5f);
  const PerColumn<float> biases[] = {{nullptr, 0}, {bias.data(), 0}, {own_bias.data(), kDim}};
  const PerColumn<int32_t> columns[] = {{nullptr, 0}, {items.data(), 0}, {own_items.data(), kDim}};
  for (const auto& added : biases) {
    for (const auto& held : columns) {
      std::vector<float> losses(kRows), gradient(kRows * kDim);
      softmax_loss({scores.data(), kRows, kDim, labels.data(), added, held, weights.data()}, losses.data(),
                   gradient.data());
      CHECK(all_finite(losses) && all_finite(gradient));
      for (size_t row = 0; row < kRows; row++) {
        double sum = 0;
        for (size_t i = 0; i < kDim; i++) sum += gradient[row * kDim + i];
        CHECK(std::fabs(sum) < 1e-5);
        CHECK(losses[row] >= -1e-5f);
      }
    }
  }
}

void test_hidden_layer() {
  const std::vector<float> input = floats(kRows * kDim, 27), scale = floats(kDim, 28), offset = floats(kDim, 29);
  std::vector<uint8_t> kept(kRows * kDim, 1);
  for (size_t i = 0; i < kept.size(); i += 3) kept[i] = 0;
  for (const uint8_t* mask : {static_cast<const uint8_t*>(nullptr), const_cast<const uint8_t*>(kept.data())}) {
    const HiddenLayer layer{kRows, kDim, input.data(), scale.data(), mask};
    std::vector<float> value(kRows * kDim), mean(kDim), variance(kDim), inverse(kDim);
    normalize_and_drop(layer, offset.data(), 1e-3, {mean.data(), variance.data(), inverse.data()}, value.data());
    CHECK(all_finite(value));
    for (size_t i = 0; mask && i < value.size(); i++) CHECK(mask[i] || value[i] == 0);

    const std::vector<float> gradient = floats(kRows * kDim, 30);
    std::vector<float> of_input(kRows * kDim), of_scale(kDim), of_offset(kDim);
    normalize_and_drop_gradient(layer, gradient.data(), value.data(), mean.data(), inverse.data(), of_input.data(),
                                of_scale.data(), of_offset.data());
    // What is added to a whole column changes nothing, so its gradient is zero.
    for (size_t column = 0; column < kDim; column++) {
      double sum = 0;
      for (size_t row = 0; row < kRows; row++) sum += of_input[row * kDim + column];
      CHECK(std::fabs(sum) < 1e-2);
    }
  }
}

void test_unit_rows() {
  std::vector<float> x = floats(kRows * kDim, 31);
  for (size_t i = 0; i < kDim; i++) x[i] = 0;
  std::vector<float> value(kRows * kDim), inverse(kRows), gradient(kRows * kDim);
  unit_rows(x.data(), kRows, kDim, 1e-12f, value.data(), inverse.data());
  unit_rows_gradient(x.data(), value.data(), inverse.data(), kRows, kDim, gradient.data());
  for (size_t row = 0; row < kRows; row++) {
    double length = 0;
    for (size_t i = 0; i < kDim; i++) length += double{value[row * kDim + i]} * value[row * kDim + i];
    CHECK(row == 0 ? length == 0 : std::fabs(length - 1) < 1e-5);
  }
  // A vector that only grows longer is still the same direction.
  for (size_t i = kDim; i < gradient.size(); i++) CHECK(std::fabs(gradient[i]) < 1e-5f);
}

}  // namespace recall
