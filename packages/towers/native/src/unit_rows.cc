#include "unit_rows.h"

#include <algorithm>
#include <cmath>

#include "multiversion.h"
#include "parallel.h"
#include "rows.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 32 * 1024;

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

void unit_rows_of_sums(const Part* parts, size_t count, size_t rows, size_t columns, float epsilon, float* out,
                       float* inverse) {
  parallel(rows, kGrain / columns + 1, [&](size_t first, size_t last) {
    for (size_t row = first; row < last; row++) {
      float* sum = out + row * columns;
      std::fill_n(sum, columns, 0.0f);
      for (const Part* part = parts; part < parts + count; part++) {
        const float* from = part->values + row * part->pieces * columns;
        for (size_t piece = 0; piece < part->pieces; piece++) add_row(from + piece * columns, sum, columns);
      }
      inverse[row] = 1 / std::sqrt(std::max(dot(sum, sum, columns), epsilon));
      scale_row(sum, inverse[row], sum, columns);
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
