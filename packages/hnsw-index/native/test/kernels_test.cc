#include "kernels.h"

#include <cmath>
#include <string>

#include "checks.h"
#include "crc32c.h"
#include "quantizer.h"

namespace recall {
namespace {

bool is_near(float a, float b, float size) { return std::fabs(a - b) <= 1e-5f * size; }

/** Arrays end where the kernels may last read, so that a sanitizer sees any step further. */
void compare_codes(const Kernels& kernels, size_t dim, size_t rows, std::mt19937& random) {
  const size_t stride = code_stride(dim);
  std::vector<int8_t> query(stride);
  std::vector<uint8_t> codes(rows * stride);
  std::vector<float> weights(dim);
  for (size_t d = 0; d < dim; d++) query[d] = static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
  for (float& weight : weights) weight = static_cast<float>(random() % 1000) / 1000 - 0.5f;
  for (uint8_t& code : codes) code = random() % 3 == 0 ? 255 : static_cast<uint8_t>(random());
  std::vector<uint32_t> order(rows);
  for (uint32_t& row : order) row = static_cast<uint32_t>(random() % rows);
  std::vector<int32_t> expected(rows);
  std::vector<int32_t> actual(rows);
  portable_kernels.score_codes(query.data(), codes.data(), stride, order.data(), rows, expected.data());
  kernels.score_codes(query.data(), codes.data(), stride, order.data(), rows, actual.data());
  CHECK(actual == expected);
  const float wanted = portable_kernels.dot_code(weights.data(), codes.data(), dim);
  CHECK(is_near(kernels.dot_code(weights.data(), codes.data(), dim), wanted, 255 * static_cast<float>(dim)));
}

void compare_floats(const Kernels& kernels, size_t dim, std::mt19937& random) {
  std::vector<float> queries(kTile * dim);
  std::vector<float> rows(kTile * dim);
  for (float& value : queries) value = static_cast<float>(random() % 2000) / 1000 - 1;
  for (float& value : rows) value = static_cast<float>(random() % 2000) / 1000 - 1;
  const float* pointers[kTile];
  for (size_t q = 0; q < kTile; q++) pointers[q] = queries.data() + q * dim;
  float products[kTile * kTile];
  float distances[kTile * kTile];
  kernels.dot_tile(pointers, rows.data(), dim, products);
  kernels.squared_distance_tile(pointers, rows.data(), dim, distances);
  const float size = 4 * static_cast<float>(dim);
  for (size_t q = 0; q < kTile; q++) {
    for (size_t r = 0; r < kTile; r++) {
      const float* const row = rows.data() + r * dim;
      const float product = portable_kernels.dot(pointers[q], row, dim);
      const float distance = portable_kernels.squared_distance(pointers[q], row, dim);
      CHECK(is_near(products[q * kTile + r], product, size) && is_near(kernels.dot(pointers[q], row, dim), product, size));
      CHECK(is_near(distances[q * kTile + r], distance, size));
      CHECK(is_near(kernels.squared_distance(pointers[q], row, dim), distance, size));
    }
  }
}

void compare_blocks(const Kernels& kernels, size_t dim, size_t count, std::mt19937& random) {
  const size_t size = (dim + kernels.block_width - 1) / kernels.block_width * kernels.block_width;
  std::vector<int8_t> block(size * kBlock);
  std::vector<int8_t> codes((count + kBlock) * size);
  std::vector<int32_t> sums(count + kBlock);
  const auto draw = [&](int8_t often) {
    return random() % 3 == 0 ? often : static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
  };
  for (int8_t& value : block) value = draw(-127);
  for (size_t i = 0; i < count * size; i++) {
    if (i % size < dim) codes[i] = draw(127);
    sums[i / size] += 128 * codes[i];
  }
  std::vector<int32_t> expected(kBlock, 10);
  std::vector<int32_t> actual = expected;
  raise_largest_portably(block.data(), size / 4, codes.data(), sums.data(), count, expected.data());
  if (kernels.begin_blocks != nullptr) kernels.begin_blocks();
  kernels.raise_largest(block.data(), size / 4, codes.data(), sums.data(), count, actual.data());
  if (kernels.end_blocks != nullptr) kernels.end_blocks();
  CHECK(actual == expected);
}

}  // namespace

void test_kernels() {
  std::mt19937 random(1);
  CHECK(find_kernels("") == available_kernels().front());
  CHECK(find_kernels("portable") == available_kernels().back());
  CHECK(find_kernels("mmx") == nullptr);
  for (const Kernels* kernels : available_kernels()) {
    for (size_t dim = 2; dim <= 200; dim += dim < 70 ? 1 : 13) {
      compare_codes(*kernels, dim, 1 + random() % 9, random);
      compare_floats(*kernels, dim, random);
    }
    for (size_t dim = 1; dim <= 160; dim += 3) compare_blocks(*kernels, dim, random() % 70, random);
    compare_codes(*kernels, 4096, 5, random);
    compare_floats(*kernels, 4096, random);
  }
}

void test_checksums() {
  CHECK(crc32c("123456789", 9) == 0xe3069283);
  std::mt19937 random(2);
  for (size_t bytes = 0; bytes < 100; bytes++) {
    std::vector<uint8_t> data(bytes);
    for (uint8_t& byte : data) byte = static_cast<uint8_t>(random());
    CHECK(crc32c(data.data(), bytes) == crc32c_portable(data.data(), bytes));
  }
}

}  // namespace recall
