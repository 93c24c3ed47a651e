#include "quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recall {
namespace {

/** Rows whose values the ranges are taken from. */
constexpr size_t kSample = 16384;

/**
 * The ranges reach from one of these quantiles to the other, and an eighth of that further on both sides: of normal
 * values, to 3.9 standard deviations, where the errors of rounding and of saturation are least together.
 */
constexpr double kQuantile = 0.001;
constexpr double kBeyond = 0.125;

struct Range {
  float low;
  float high;
};

/** @param values in any order; reordered */
Range range_of(std::vector<float>& values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  const Range all = {*least, *greatest};
  const auto cut = static_cast<ptrdiff_t>(kQuantile * static_cast<double>(values.size()));
  if (cut == 0) return all;
  std::nth_element(values.begin(), values.begin() + cut, values.end());
  const double low = values[static_cast<size_t>(cut)];
  std::nth_element(values.begin(), values.end() - 1 - cut, values.end());
  const double high = values[values.size() - 1 - static_cast<size_t>(cut)];
  // Nearly all alike: the few that differ are what tells rows apart.
  if (!(high > low)) return all;
  const double beyond = kBeyond * (high - low);
  return {static_cast<float>(std::max<double>(all.low, low - beyond)),
          static_cast<float>(std::min<double>(all.high, high + beyond))};
}

double distance_from(const float* vector, const std::vector<float>& origin) {
  double squares = 0;
  for (size_t d = 0; d < origin.size(); d++) {
    const double difference = double{vector[d]} - origin[d];
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

}  // namespace

float narrow(double value) { return static_cast<float>(std::clamp(value, -1e37, 1e37)); }

Quantizer fit_quantizer(const VectorRows& rows, Space space, bool is_scaled) {
  const size_t dim = rows.dim;
  const size_t sample = std::min(kSample, rows.count);
  const auto sampled = [&](size_t i) { return rows.at(i * rows.count / sample); };
  Quantizer fitted = {space, is_scaled, std::vector<float>(dim), std::vector<float>(dim), std::vector<float>(dim)};
  std::vector<float> values(sample);
  if (is_scaled && space == Space::kL2) {
    // The median of each dimension: no vector, however far away, moves it.
    for (size_t d = 0; d < dim; d++) {
      for (size_t i = 0; i < sample; i++) values[i] = sampled(i)[d];
      std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(sample / 2), values.end());
      fitted.origin[d] = values[sample / 2];
    }
  }
  std::vector<double> inverse(sample, 1);
  for (size_t i = 0; is_scaled && i < sample; i++) {
    const double length = distance_from(sampled(i), fitted.origin);
    if (length > 0) inverse[i] = 1 / length;
  }
  for (size_t d = 0; d < dim; d++) {
    for (size_t i = 0; i < sample; i++) {
      values[i] = static_cast<float>((double{sampled(i)[d]} - fitted.origin[d]) * inverse[i]);
    }
    const Range range = range_of(values);
    // Divided first: the difference of two values that fit a float need not fit one.
    fitted.step[d] = range.high / 255 - range.low / 255;
    fitted.shift[d] = range.low;
    if (space == Space::kL2 && !is_scaled) {
      fitted.origin[d] = range.low / 2 + range.high / 2;
      fitted.shift[d] = range.low / 2 - range.high / 2;
    }
  }
  return fitted;
}

Quantizer::Terms Quantizer::encode(const float* vector, uint8_t* code, uint8_t* residual) const {
  const size_t dim = step.size();
  double scale = is_scaled ? distance_from(vector, origin) : 1;
  if (!(scale > 0)) scale = 1;
  double coarse = 0;
  double fine = 0;
  double lost = 0;
  for (size_t d = 0; d < dim; d++) {
    const double wanted = (double{vector[d]} - origin[d]) / scale - shift[d];
    const double steps = step[d] > 0 ? wanted / step[d] : 0;
    const double whole = std::clamp(std::nearbyint(steps), 0.0, 255.0);
    const double rest = std::nearbyint((std::clamp(steps - whole, -0.5, 0.5) + 0.5) * 255);
    code[d] = static_cast<uint8_t>(whole);
    if (residual != nullptr) residual[d] = static_cast<uint8_t>(rest);
    const double decoded = shift[d] + step[d] * whole;
    const double finer = shift[d] + step[d] * (whole + rest / 255 - 0.5);
    const double beyond = wanted - step[d] * std::clamp(steps, -0.5, 255.5);
    coarse += decoded * decoded;
    fine += finer * finer;
    lost += beyond * beyond;
  }
  std::fill(code + dim, code + code_stride(dim), uint8_t{0});
  if (residual != nullptr) std::fill(residual + dim, residual + code_stride(dim), uint8_t{0});
  const double squared = scale * scale;
  return {narrow(scale), narrow(-squared * (coarse + lost)), narrow(-squared * (fine + lost))};
}

void QuantizedQuery::set(const CodedRows& rows, const float* query) {
  const double factor = rows.space == Space::kL2 ? 2 : 1;
  double along = 0;
  double sum = 0;
  double largest = 0;
  base_ = 0;
  for (size_t d = 0; d < exact_.size(); d++) {
    const double value = rows.space == Space::kL2 ? double{query[d]} - rows.origin[d] : query[d];
    if (rows.space == Space::kL2) base_ -= value * value;
    along += factor * value * rows.shift[d];
    exact_[d] = factor * value * rows.step[d];
    weights_[d] = narrow(exact_[d]);
    sum += weights_[d];
    largest = std::max(largest, std::fabs(exact_[d]));
  }
  weight_sum_ = narrow(sum);
  along_shift_ = narrow(along);
  const double most = rows.has_wide_queries ? 127 * 256 : 127;
  unit_ = narrow(largest / most);
  // Where nothing differs from zero such a query tells no vector from another.
  const double inverse = largest > std::numeric_limits<double>::min() ? most / largest : 0;
  for (size_t d = 0; d < exact_.size(); d++) {
    const int weight = static_cast<int>(std::nearbyint(exact_[d] * inverse));
    const int upper = rows.has_wide_queries ? (weight + 128) >> 8 : weight;
    high_[d] = static_cast<int8_t>(upper);
    low_[d] = static_cast<int8_t>(rows.has_wide_queries ? weight - 256 * upper : 0);
  }
}

}  // namespace recall
