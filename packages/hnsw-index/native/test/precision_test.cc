#include "precision.h"

#include <cmath>

#include "checks.h"
#include "coded_vectors.h"
#include "image_writer.h"

namespace recall {
namespace {

constexpr size_t kRows = 3000;
constexpr size_t kDim = 24;

VectorRows rows_of(const std::vector<float>& vectors) {
  return {reinterpret_cast<const char*>(vectors.data()), kDim * sizeof(float), vectors.size() / kDim, kDim};
}

PrecisionChoice choice_for(const std::vector<float>& vectors, Space space, bool may_keep = true) {
  return choose_precision(rows_of(vectors), Metric(space, *find_kernels(""), kDim), may_keep, 2);
}

/** How far scores by codes lie from the true ones, over the spread of those, for a row as the query. */
double error_of(const std::vector<float>& vectors, Space space, bool is_scaled, size_t query) {
  const CodedVectors coded(rows_of(vectors), space, is_scaled, true, 1);
  CodeScores scores(coded.rows(), *find_kernels(""));
  const float* const asked = vectors.data() + query * kDim;
  scores.set(asked);
  double worst = 0;
  for (uint32_t row = 0; row < 500; row++) {
    const float* const vector = vectors.data() + row * kDim;
    double truth = 0;
    double size = 0;
    for (size_t d = 0; d < kDim; d++) {
      truth += space == Space::kL2 ? -std::pow(double{asked[d]} - vector[d], 2) : double{asked[d]} * vector[d];
      size += std::pow(asked[d], 2) + std::pow(vector[d], 2);
    }
    worst = std::max(worst, std::fabs(scores.score_finely(row) - truth) / size);
    CHECK(std::fabs(scores.score_widely(asked, row) - truth) / size < 1e-3);
  }
  return worst;
}

}  // namespace

void test_precision() {
  std::vector<float> vectors = clustered(kRows, kDim, 1);
  CHECK(choice_for(vectors, Space::kCosine).precision <= Precision::kRefined);
  for (const Space space : {Space::kInnerProduct, Space::kL2}) {
    for (const bool is_scaled : {false, true}) CHECK(error_of(vectors, space, is_scaled, 3) < 1e-3);
  }

  // A vector far away costs the others no digits, and lies far away by its codes too.
  std::vector<float> outlier = vectors;
  for (size_t d = 0; d < kDim; d++) outlier[(kRows - 1) * kDim + d] *= 100;
  CHECK(error_of(outlier, Space::kL2, false, 3) < 1e-3);
  const CodedVectors coded(rows_of(outlier), Space::kL2, false, false, 1);
  CodeScores scores(coded.rows(), *find_kernels(""));
  scores.set(outlier.data());
  CHECK(scores.score_precisely(kRows - 1) < 100 * scores.score_precisely(kRows - 2));

  // A scale each keeps the digits of short vectors among long ones; a dimension far wider than the others needs wide queries.
  std::vector<float> lengths = vectors;
  for (size_t i = 0; i < lengths.size(); i++) lengths[i] *= std::exp(static_cast<float>(i / kDim % 13) - 6);
  CHECK(error_of(lengths, Space::kInnerProduct, true, 3) < 1e-3);
  std::vector<float> wide = vectors;
  for (size_t i = 0; i < wide.size(); i += kDim) wide[i] *= 300;
  CHECK(choice_for(wide, Space::kL2).precision >= Precision::kWide);

  // What codes can't tell apart is compared by the vectors, unless they may not be kept.
  std::vector<float> tight = vectors;
  for (size_t i = 0; i < tight.size(); i++) tight[i] = (i / kDim % 2 == 0 ? -1.0f : 1.0f) + tight[i] / 100000;
  CHECK(choice_for(tight, Space::kL2).precision == Precision::kVectors);
  CHECK(choice_for(tight, Space::kL2, false).precision != Precision::kVectors);

  for (const size_t count : {1u, 2u}) {
    const std::vector<float> few(vectors.begin(), vectors.begin() + static_cast<ptrdiff_t>(count * kDim));
    CHECK(choice_for(few, Space::kCosine).precision == Precision::kCodes);
  }
}

}  // namespace recall
