#include <cmath>

#include "hidden_layer.h"
#include "pool_loss.h"
#include "relu_layer.h"
#include "sequence_rows.h"
#include "softmax_loss.h"
#include "tests.h"
#include "transformer_block.h"
#include "unit_rows.h"

namespace recall {
namespace {

bool all_finite(const std::vector<float>& values) {
  for (const float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

void check_transformer_block(Precision precision) {
  // Lists of 0 to 9 entries, each behind the row of its start; heads of 11 columns.
  constexpr size_t kSequences = 300, kHeads = 3, kAges = 10;
  const std::vector<int32_t> entries = offsets_of(kSequences, 41);
  std::vector<int32_t> offsets = entries;
  for (size_t i = 0; i < offsets.size(); i++) offsets[i] += static_cast<int32_t>(i);
  const size_t items = static_cast<size_t>(entries.back()), rows = static_cast<size_t>(offsets.back());
  std::vector<uint8_t> units(rows * kDim, 1);
  for (size_t i = 0; i < units.size(); i += 3) units[i] = 0;
  const std::vector<float> item_vectors = floats(items * kDim, 42), start = floats(kDim, 43);
  std::vector<std::vector<float>> weights, gradients;
  for (uint32_t i = 0; i < 11; i++) weights.push_back(floats(kDim * kDim, 50 + i));
  const std::vector<float> ages = floats(kHeads * kAges, 44);
  const auto w = [&](size_t i) { return weights[i].data(); };

  for (const uint8_t* mask : {static_cast<const uint8_t*>(nullptr), const_cast<const uint8_t*>(units.data())}) {
    const Kept kept{mask, 1.5f};
    const SequenceRows sequences{entries.data(), kSequences, kDim, 2.0f, kept};
    std::vector<float> x(rows * kDim), z(rows * kDim), of_x(rows * kDim), of_items(items * kDim), of_start(kDim);
    lay_out_sequences(sequences, item_vectors.data(), start.data(), x.data());
    const TransformerBlock block{kDim, kHeads, kAges, offsets.data(), kSequences, 1e-5f,
                                 {w(0), w(1), w(2), w(3), w(4), w(5), w(6), w(7), w(8), w(9), w(10), ages.data()},
                                 {kept, kept, kept},
                                 precision};
    std::vector<float> saved(saved_size(block)), of_ages(ages.size());
    run_block(block, x.data(), z.data(), saved.data());
    CHECK(all_finite(z) && all_finite(saved));

    gradients.assign(11, std::vector<float>(kDim * kDim));
    const auto g = [&](size_t i) { return gradients[i].data(); };
    run_block_gradient(block, z.data(), saved.data(),
                       {of_x.data(), g(0), g(1), g(2), g(3), g(4), g(5), g(6), g(7), g(8), g(9), g(10), of_ages.data()});
    CHECK(all_finite(of_x) && all_finite(of_ages));
    for (const std::vector<float>& gradient : gradients) CHECK(all_finite(gradient));
    lay_out_sequences_gradient(sequences, of_x.data(), of_items.data(), of_start.data());
    CHECK(all_finite(of_items) && all_finite(of_start));

    std::vector<int32_t> reads(offsets.begin(), offsets.end() - 1);
    std::vector<float> out(kSequences * kDim), normal(kSequences * kDim), inverse(kSequences), of_scale(kDim);
    const NormalRows read{reads.data(), kSequences, kDim, start.data()};
    read_normal_rows(read, z.data(), 1e-5f, out.data(), normal.data(), inverse.data());
    read_normal_rows_gradient(read, out.data(), normal.data(), inverse.data(), rows, of_x.data(), of_scale.data());
    CHECK(all_finite(out) && all_finite(of_x) && all_finite(of_scale));
  }
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

void test_transformer_block() {
  for (const Precision precision : precisions()) check_transformer_block(precision);
}

void test_pool_loss() {
  constexpr size_t kPool = 77;
  const std::vector<float> users = floats(kRows * kDim, 61), items = floats((kRows + kPool) * kDim, 62);
  const std::vector<float> bias = floats(kPool, 63), weights(kRows, 0.5f);
  const std::vector<int32_t> ids = rows_of(90, kRows + kPool, false, 64);
  for (const Precision precision : precisions()) {
    for (const float* added : {static_cast<const float*>(nullptr), bias.data()}) {
      std::vector<float> of_users(users.size()), of_items(items.size());
      const PoolContrast contrast{kRows,      kPool, kDim,           users.data(), items.data(),
                                  ids.data(), added, weights.data(), precision};
      const float loss = pool_loss(contrast, of_users.data(), of_items.data());
      CHECK(std::isfinite(loss) && loss > 0);
      CHECK(all_finite(of_users) && all_finite(of_items));
    }
  }
}

void test_relu_layer() {
  constexpr size_t kOutputs = 19;
  const std::vector<float> x = floats(kRows * kDim, 65), weight = floats(kDim * kOutputs, 66), bias = floats(kOutputs, 67);
  std::vector<float> value(kRows * kOutputs), of_weight(weight.size()), of_bias(kOutputs);
  for (const Precision precision : precisions()) {
    const ReluLayer layer{kRows, kDim, kOutputs, x.data(), precision};
    relu_layer(layer, weight.data(), bias.data(), value.data());
    for (const float each : value) CHECK(each >= 0);
    relu_layer_gradient(layer, value.data(), value.data(), of_weight.data(), of_bias.data());
    CHECK(all_finite(of_weight) && all_finite(of_bias));
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
