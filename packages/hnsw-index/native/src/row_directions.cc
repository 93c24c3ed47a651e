#include "row_directions.h"

#include <algorithm>

#include "direction.h"

namespace recall {
namespace {

/** Codes that are fetched before they are read. */
constexpr size_t kAhead = 8;

}  // namespace

void RowDirections::read(const int32_t* rows, size_t count, const Kernels& kernels, int8_t* directions) const {
  const size_t dim = image_.dim;
  std::vector<float> values(dim);
  const auto node_of = [&](size_t i) {
    return image_.node_of(static_cast<uint32_t>(rows[i]));
  };
  for (size_t i = 0; i < count; i++) {
    if (i + kAhead < count && image_.vectors == nullptr) {
      const uint32_t later = node_of(i + kAhead);
      if (later != kNone) prefetch(image_.codes + later * image_.stride, dim);
    }
    const uint32_t node = node_of(i);
    int8_t* const direction = directions + i * dim;
    if (node == kNone) {
      std::fill_n(direction, dim, int8_t{0});
    } else if (image_.vectors != nullptr) {
      kernels.vector_direction(image_.vectors + node * dim, dim, direction);
    } else {
      const float scale = image_.scales == nullptr ? 1 : image_.scales[node];
      const uint8_t* const code = image_.codes + node * image_.stride;
      kernels.code_direction({code, scale, image_.origin, image_.shift, image_.step}, dim, values.data(), direction);
    }
  }
}

}  // namespace recall
