#include "quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recall {
namespace {

/** Products of large values need not fit a float; cut off, they still rank, and no infinity turns into a NaN. */
float narrow(double value) { return static_cast<float>(std::clamp(value, -1e37, 1e37)); }

}  // namespace

void Quantizer::encode(const float* vector, uint8_t* code) const {
  const size_t dim = low.size();
  for (size_t d = 0; d < dim; d++) {
    const float steps = step[d] > 0 ? (vector[d] - low[d]) / step[d] : 0;
    code[d] = static_cast<uint8_t>(std::clamp(std::nearbyint(steps), 0.0f, 255.0f));
  }
  std::fill(code + dim, code + code_stride(dim), uint8_t{0});
}

float Quantizer::squared_length(const uint8_t* code) const {
  double sum = 0;
  for (size_t d = 0; d < low.size(); d++) {
    const double value = double{step[d]} * code[d];
    sum += value * value;
  }
  return static_cast<float>(sum);
}

void QuantizedQuery::set(Space space, const float* low, const float* step, const float* query) {
  double base = 0;
  float largest = 0;
  for (size_t d = 0; d < weights_.size(); d++) {
    if (space == Space::kL2) {
      const double difference = double{query[d]} - low[d];
      base -= difference * difference;
      weights_[d] = narrow(2 * difference * step[d]);
    } else {
      base += double{query[d]} * low[d];
      weights_[d] = narrow(double{query[d]} * step[d]);
    }
    largest = std::max(largest, std::fabs(weights_[d]));
  }
  base_ = narrow(base);
  scale_ = largest / 127;
  // Below this, one over the scale overflows; such a query tells no vector from another.
  const float inverse = scale_ >= std::numeric_limits<float>::min() ? 1 / scale_ : 0;
  for (size_t d = 0; d < weights_.size(); d++) {
    code_[d] = static_cast<int8_t>(std::clamp(std::nearbyint(weights_[d] * inverse), -127.0f, 127.0f));
  }
}

}  // namespace recall
