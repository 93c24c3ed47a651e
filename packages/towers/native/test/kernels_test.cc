#include "kernels.h"

#include <cmath>
#include <numeric>

#include "columns.h"
#include "pooled_lists.h"
#include "row_sums.h"
#include "tests.h"

namespace recall {
namespace {

bool is_near(double a, double b) { return std::fabs(a - b) <= 1e-4 * (1 + std::fabs(b)); }

double sum(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

void test_look_ups() {
  const std::vector<float> table = floats(kTableRows * kDim, 1);
  const std::vector<int32_t> rows = rows_of(kTableRows, kRows, true, 2);
  // The last row of the block ends where the array ends.
  std::vector<float> out(kRows * (kDim + 3), -7);
  look_up(table.data(), kDim, rows.data(), kRows, {out.data(), kDim + 3, 3});
  for (size_t i = 0; i < kRows; i++) {
    const float* row = out.data() + i * (kDim + 3);
    CHECK(row[0] == -7 && row[2] == -7);
    CHECK(row[kDim + 2] == (rows[i] < 0 ? 0 : table[rows[i] * kDim + kDim - 1]));
  }

  const std::vector<int32_t> offsets = offsets_of(kRows, 3);
  const std::vector<int32_t> entries = rows_of(kTableRows, offsets.back(), false, 4);
  const Lists lists{offsets.data(), entries.data(), nullptr, kRows};
  std::vector<float> means(kRows * kDim);
  look_up_mean(table.data(), kDim, lists, {means.data(), kDim, 0});
  for (size_t i = 0; i < kRows; i++) {
    double expected = 0;
    for (int32_t at = offsets[i]; at < offsets[i + 1]; at++) expected += table[entries[at] * kDim];
    const int32_t length = offsets[i + 1] - offsets[i];
    CHECK(is_near(means[i * kDim], length == 0 ? 0 : expected / length));
  }
}

void test_sums() {
  const std::vector<float> gradient = floats(kRows * kDim, 5);
  std::vector<float> sums(kTableRows * kDim);
  const std::vector<int32_t> slots = rows_of(kTableRows, kRows, false, 6);
  std::vector<float> copy = gradient;
  add_rows({sums.data(), kDim}, slots.data(), kRows, {copy.data(), kDim, 0});
  CHECK(is_near(sum(sums), sum(gradient)));

  // No list is empty, so that each row is given away whole.
  std::vector<int32_t> offsets = offsets_of(kRows, 7);
  for (size_t i = 0; i <= kRows; i++) offsets[i] += static_cast<int32_t>(i);
  const std::vector<int32_t> shares = rows_of(kTableRows, offsets.back(), false, 8);
  std::vector<float> means(kTableRows * kDim);
  const Lists lists{offsets.data(), nullptr, nullptr, kRows};
  add_means({means.data(), kDim}, shares.data(), lists, {copy.data(), kDim, 0});
  CHECK(is_near(sum(means), sum(gradient)));
}

void test_pooled_lists() {
  // Two scales: the last entry alone, and the plain mean.
  constexpr size_t kLength = 10, kScales = 2;
  std::vector<float> powers(kScales * kLength), norms(kScales * (kLength + 1), 1);
  powers[0] = 1;
  for (size_t age = 0; age < kLength; age++) powers[kLength + age] = 1;
  for (size_t count = 1; count <= kLength; count++) norms[kLength + 1 + count] = 1 / float(count);
  const AgeWeights weights{powers.data(), norms.data(), kScales, kLength};
  const std::vector<float> table = floats(kTableRows * kDim, 9);
  const std::vector<int32_t> offsets = offsets_of(kRows, 10);
  const std::vector<int32_t> entries = rows_of(kTableRows, offsets.back(), false, 11);
  const Lists lists{offsets.data(), entries.data(), nullptr, kRows};
  std::vector<float> pooled(kRows * kScales * kDim), means(kRows * kDim);
  pool_lists(table.data(), kDim, lists, weights, nullptr, {pooled.data(), kScales * kDim, 0});
  look_up_mean(table.data(), kDim, lists, {means.data(), kDim, 0});
  size_t filled = 0;
  for (size_t i = 0; i < kRows; i++) {
    const bool is_empty = offsets[i] == offsets[i + 1];
    const float last = is_empty ? 0 : table[size_t(entries[size_t(offsets[i + 1]) - 1]) * kDim];
    CHECK(pooled[i * kScales * kDim] == last);
    CHECK(is_near(pooled[(i * kScales + 1) * kDim], means[i * kDim]));
    filled += is_empty ? 0 : 1;
  }

  // Weights add up to one in each mean, so each row of ones is given away whole at each scale.
  std::vector<float> ones(kRows * kScales * kDim, 1), sums(kTableRows * kDim);
  add_pooled({sums.data(), kDim}, entries.data(), lists, weights, nullptr, {ones.data(), kScales * kDim, 0});
  CHECK(is_near(sum(sums), double(filled * kScales * kDim)));

  // Factors of two double the means and what is given away, and each slope is what its entry adds to the sum of all means.
  const std::vector<float> twos(entries.size(), 2);
  std::vector<float> doubled(pooled.size()), more(sums.size()), slopes(entries.size());
  pool_lists(table.data(), kDim, lists, weights, twos.data(), {doubled.data(), kScales * kDim, 0});
  CHECK(is_near(sum(doubled), 2 * sum(pooled)));
  add_pooled({more.data(), kDim}, entries.data(), lists, weights, twos.data(), {ones.data(), kScales * kDim, 0});
  CHECK(is_near(sum(more), 2 * sum(sums)));
  factor_slopes(table.data(), kDim, lists, weights, twos.data(), {ones.data(), kScales * kDim, 0}, slopes.data());
  CHECK(is_near(sum(slopes), sum(doubled)));
}

void test_adam() {
  const AdamCoefficients coefficients{0.9, 0.999, 1e-8, 0.001, 1, 1, 1};
  std::vector<float> parameter = floats(kTableRows * kDim, 9), first(parameter.size()), second(parameter.size());
  const std::vector<float> before = parameter;
  // Each row once, from the last to the first.
  std::vector<int32_t> rows(kTableRows);
  for (size_t i = 0; i < kTableRows; i++) rows[i] = static_cast<int32_t>(kTableRows - 1 - i);
  const std::vector<float> gradient(kTableRows * kDim, 0.5f);
  update_rows({parameter.data(), first.data(), second.data()}, kDim, rows.data(), kTableRows, gradient.data(),
              coefficients);
  for (size_t i = 0; i < parameter.size(); i++) CHECK(parameter[i] < before[i]);

  std::vector<float> dense = floats(200001, 10), m(dense.size()), v(dense.size());
  const std::vector<float> flat(dense.size(), -0.5f);
  const std::vector<float> start = dense;
  update_dense({dense.data(), m.data(), v.data()}, flat.data(), dense.size(), coefficients);
  for (size_t i = 0; i < dense.size(); i++) CHECK(dense[i] > start[i]);
  CHECK(is_near(sum_of_squares(flat.data(), flat.size()), 0.25 * static_cast<double>(flat.size())));
}

void test_columns() {
  const std::vector<float> x = floats(kRows * kDim, 11), y = floats(kRows * kDim, 12);
  const std::vector<double> centre(kDim, 0.5);
  std::vector<double> sums(kDim), squares(kDim), products(kDim);
  sum_columns({x.data(), kRows, kDim}, sums.data());
  CHECK(is_near(std::accumulate(sums.begin(), sums.end(), 0.0), sum(x)));
  sum_squared_deviations({x.data(), kRows, kDim}, centre.data(), squares.data());
  sum_of_products({x.data(), kRows, kDim}, y.data(), centre.data(), products.data());
  double square = 0, product = 0;
  for (size_t row = 0; row < kRows; row++) {
    const size_t last = row * kDim + kDim - 1;
    square += (x[last] - 0.5) * (x[last] - 0.5);
    product += x[last] * (y[last] - 0.5);
  }
  CHECK(is_near(squares[kDim - 1], square) && is_near(products[kDim - 1], product));

  std::vector<float> turned(x.size());
  transpose({x.data(), kRows, kDim}, turned.data());
  for (size_t row = 0; row < kRows; row++) {
    for (size_t column = 0; column < kDim; column++) CHECK(turned[column * kRows + row] == x[row * kDim + column]);
  }
}

}  // namespace recall
