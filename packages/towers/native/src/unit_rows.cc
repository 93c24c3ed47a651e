#include "unit_rows.h"

#include <algorithm>
#include <cmath>

#include "multiversion.h"
#include "parallel.h"
#include "vectors.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 32 * 1024;

RECALL_MULTIVERSION float dot(const float* a, const float* b, size_t count) {
  Floats sum{};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats left, right;
    load(a + i, &left);
    load(b + i, &right);
    sum += left * right;
  }
  float total = sum_of(&sum);
  for (; i < count; i++) total += a[i] * b[i];
  return total;
}

RECALL_MULTIVERSION void scale_row(const float* __restrict x, float factor, float* __restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = x[i] * factor;
}

RECALL_MULTIVERSION void subtract_along(const float* __restrict dy, const float* __restrict y, float along, float factor,
                                        float* __restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (dy[i] - y[i] * along) * factor;
}

}  // namespace

void unit_rows(const float* x, size_t rows, size_t columns, float epsilon, float* out, float* inverse) {
  parallel(rows, kGrain / columns + 1, [&](size_t first, size_t last) {
    for (size_t row = first; row < last; row++) {
      const float* from = x + row * columns;
      inverse[row] = 1 / std::sqrt(std::max(dot(from, from, columns), epsilon));
      scale_row(from, inverse[row], out + row * columns, columns);
    }
  });
}

void unit_rows_gradient(const float* dy, const float* y, const float* inverse, size_t rows, size_t columns, float* out) {
  parallel(rows, kGrain / columns + 1, [&](size_t first, size_t last) {
    for (size_t row = first; row < last; row++) {
      const size_t at = row * columns;
      subtract_along(dy + at, y + at, dot(dy + at, y + at, columns), inverse[row], out + at, columns);
    }
  });
}

}  // namespace recall
