#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "check.h"
#include "products.h"
#include "products_bf16.h"

/** That the kernels give right results is shown in TypeScript, against JavaScript; here, that they do no harm. */
namespace recall {

/** Enough of everything for every thread to get a piece; odd, so that the pieces and the last columns differ. */
constexpr size_t kRows = 2049, kDim = 33, kTableRows = 500;

inline std::vector<float> floats(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random() % 2000) / 1000 - 1;
  return values;
}

/** @return `count` rows of a table, one in eight -1 where `with_none` */
inline std::vector<int32_t> rows_of(size_t table_rows, size_t count, bool with_none, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<int32_t> rows(count);
  for (int32_t& row : rows) row = with_none && random() % 8 == 0 ? -1 : static_cast<int32_t>(random() % table_rows);
  return rows;
}

/** What products can be computed in here. */
inline std::vector<Precision> precisions() {
  std::vector<Precision> there = {Precision::float32};
  if (has_bf16_products()) there.push_back(Precision::bfloat16);
  return there;
}

/** Starts of `count` lists of 0 to 9 entries, and their end. */
inline std::vector<int32_t> offsets_of(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<int32_t> offsets(1, 0);
  for (size_t i = 0; i < count; i++) offsets.push_back(offsets.back() + static_cast<int32_t>(random() % 10));
  return offsets;
}

void test_look_ups();
void test_sums();
void test_pooled_lists();
void test_adam();
void test_columns();
void test_products();
void test_softmax_loss();
void test_hidden_layer();
void test_transformer_block();
void test_pool_loss();
void test_relu_layer();
void test_unit_rows();
void test_failing_work();

}  // namespace recall
