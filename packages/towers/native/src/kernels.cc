#include "kernels.h"

#include <cmath>
#include <cstring>

#include "multiversion.h"
#include "parallel.h"

namespace recall {
namespace {

/** Rows fetched into the cache before they are read: the table is far larger than the cache, and rows are random. */
constexpr size_t kAhead = 8;

/** Values per thread from which a second thread is worth waking, some tens of microseconds of work. */
constexpr size_t kGrain = 32 * 1024;

size_t rows_per_thread(size_t dim) { return kGrain / dim + 1; }

void prefetch(const float* row, size_t dim) {
  for (size_t i = 0; i < dim; i += 16) __builtin_prefetch(row + i, 0);
}

void prefetch_for_writing(const float* row, size_t dim) {
  for (size_t i = 0; i < dim; i += 16) __builtin_prefetch(row + i, 1);
}

/** Sums in double precision and one rounding a statement, as JavaScript computes. */
RECALL_MULTIVERSION void add_four(const float* __restrict a, const float* __restrict b, const float* __restrict c,
                                  const float* __restrict d, float* __restrict to, size_t dim) {
  for (size_t i = 0; i < dim; i++) {
    const double pairs = double{a[i]} + double{b[i]} + (double{c[i]} + double{d[i]});
    to[i] = static_cast<float>(double{to[i]} + pairs);
  }
}

RECALL_MULTIVERSION void add_one(const float* __restrict from, float* __restrict to, size_t dim) {
  for (size_t i = 0; i < dim; i++) to[i] += from[i];
}

RECALL_MULTIVERSION void scale(float* values, size_t dim, double factor) {
  for (size_t i = 0; i < dim; i++) values[i] = static_cast<float>(double{values[i]} * factor);
}

RECALL_MULTIVERSION void update(float* __restrict parameter, float* __restrict first, float* __restrict second,
                                const float* __restrict gradient, size_t count, const AdamCoefficients& c) {
  const double beta1 = c.beta1, beta2 = c.beta2, epsilon = c.epsilon, step_size = c.step_size;
  const double second_moment_scale = c.second_moment_scale, gradient_scale = c.gradient_scale, kept = c.kept;
  const double keep1 = 1 - beta1;
  const double keep2 = 1 - beta2;
  for (size_t i = 0; i < count; i++) {
    const double g = double{gradient[i]} * gradient_scale;
    const double m = beta1 * double{first[i]} + keep1 * g;
    const double v = beta2 * double{second[i]} + keep2 * g * g;
    first[i] = static_cast<float>(m);
    second[i] = static_cast<float>(v);
    const double move = (step_size * m) / (std::sqrt(v * second_moment_scale) + epsilon);
    const float decayed = static_cast<float>(double{parameter[i]} * kept);
    parameter[i] = static_cast<float>(double{decayed} - move);
  }
}

void mean_of_list(const float* table, size_t dim, const Lists& lists, size_t list, float* to) {
  const size_t start = lists.offsets[list];
  const size_t end = lists.offsets[list + 1];
  std::memset(to, 0, dim * sizeof(float));
  if (start == end) return;
  const auto row = [&](size_t entry) { return table + size_t(lists.rows[entry]) * dim; };
  for (size_t entry = start; entry < end; entry++) prefetch(row(entry), dim);
  size_t entry = start;
  for (; entry + 4 <= end; entry += 4) add_four(row(entry), row(entry + 1), row(entry + 2), row(entry + 3), to, dim);
  for (; entry < end; entry++) add_one(row(entry), to, dim);
  scale(to, dim, 1.0 / double(end - start));
}

}  // namespace

void look_up(const float* table, size_t dim, const int32_t* rows, size_t count, Block out) {
  parallel(count, rows_per_thread(dim), [&](size_t first, size_t last) {
    for (size_t i = first; i < last; i++) {
      if (i + kAhead < last && rows[i + kAhead] >= 0) prefetch(table + size_t(rows[i + kAhead]) * dim, dim);
      if (rows[i] < 0) {
        std::memset(out.row(i), 0, dim * sizeof(float));
      } else {
        std::memcpy(out.row(i), table + size_t(rows[i]) * dim, dim * sizeof(float));
      }
    }
  });
}

void look_up_mean(const float* table, size_t dim, const Lists& lists, Block out) {
  parallel(lists.count, rows_per_thread(dim), [&](size_t first, size_t last) {
    for (size_t i = first; i < last; i++) mean_of_list(table, dim, lists, lists.list(i), out.row(i));
  });
}

void update_dense(const AdamArrays& a, const float* gradient, size_t count, const AdamCoefficients& coefficients) {
  parallel(count, kGrain, [&](size_t first, size_t last) {
    update(a.parameter + first, a.first_moment + first, a.second_moment + first, gradient + first, last - first,
           coefficients);
  });
}

void update_rows(const AdamArrays& a, size_t dim, const int32_t* rows, size_t count, const float* gradient,
                 const AdamCoefficients& coefficients) {
  parallel(count, rows_per_thread(dim), [&](size_t first, size_t last) {
    for (size_t n = first; n < last; n++) {
      if (n + kAhead < last) {
        const size_t ahead = size_t(rows[n + kAhead]) * dim;
        prefetch_for_writing(a.parameter + ahead, dim);
        prefetch_for_writing(a.first_moment + ahead, dim);
        prefetch_for_writing(a.second_moment + ahead, dim);
      }
      const size_t at = size_t(rows[n]) * dim;
      update(a.parameter + at, a.first_moment + at, a.second_moment + at, gradient + n * dim, dim, coefficients);
    }
  });
}

RECALL_MULTIVERSION double sum_of_squares(const float* values, size_t count) {
  double sums[4] = {0, 0, 0, 0};
  const size_t whole = count - count % 4;
  for (size_t i = 0; i < whole; i += 4) {
    for (size_t lane = 0; lane < 4; lane++) sums[lane] += double{values[i + lane]} * double{values[i + lane]};
  }
  for (size_t i = whole; i < count; i++) sums[0] += double{values[i]} * double{values[i]};
  return sums[0] + sums[1] + sums[2] + sums[3];
}

}  // namespace recall
