#include "columns.h"

#include <algorithm>

#include "multiversion.h"
#include "parallel.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 64 * 1024;

/** Columns and rows of a block that is turned in the first cache: a line of the cache in each direction. */
constexpr size_t kBlock = 16;

RECALL_MULTIVERSION void add_rows_of_four(const float* __restrict rows, size_t stride, double* __restrict sums,
                                          size_t count) {
  const float *a = rows, *b = a + stride, *c = b + stride, *d = c + stride;
  for (size_t i = 0; i < count; i++) sums[i] += double{a[i]} + double{b[i]} + (double{c[i]} + double{d[i]});
}

RECALL_MULTIVERSION void add_row(const float* __restrict row, double* __restrict sums, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += double{row[i]};
}

RECALL_MULTIVERSION void add_squares(const float* __restrict row, const double* __restrict centre,
                                     double* __restrict sums, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const double deviation = double{row[i]} - centre[i];
    sums[i] += deviation * deviation;
  }
}

RECALL_MULTIVERSION void add_products(const float* __restrict y, const float* __restrict x,
                                      const double* __restrict centre, double* __restrict sums, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += double{y[i]} * (double{x[i]} - centre[i]);
}

/** Cuts the columns between the threads: each sum is one thread's, in the order of the rows. */
template <typename Work>
void by_columns(const Matrix& x, double* sums, const Work& work) {
  std::fill_n(sums, x.columns, 0.0);
  parallel(x.columns, x.rows == 0 ? x.columns : kGrain / x.rows + 1,
           [&](size_t first, size_t last) { work(first, last - first); });
}

}  // namespace

void sum_columns(Matrix x, double* sums) {
  by_columns(x, sums, [&](size_t first, size_t count) {
    size_t row = 0;
    for (; row + 4 <= x.rows; row += 4) {
      add_rows_of_four(x.values + row * x.columns + first, x.columns, sums + first, count);
    }
    for (; row < x.rows; row++) add_row(x.values + row * x.columns + first, sums + first, count);
  });
}

void sum_squared_deviations(Matrix x, const double* centre, double* sums) {
  by_columns(x, sums, [&](size_t first, size_t count) {
    for (size_t row = 0; row < x.rows; row++) {
      add_squares(x.values + row * x.columns + first, centre + first, sums + first, count);
    }
  });
}

void sum_of_products(Matrix y, const float* x, const double* centre, double* sums) {
  by_columns(y, sums, [&](size_t first, size_t count) {
    for (size_t row = 0; row < y.rows; row++) {
      const size_t at = row * y.columns + first;
      add_products(y.values + at, x + at, centre + first, sums + first, count);
    }
  });
}

void transpose(Matrix x, float* turned) {
  const size_t blocks = (x.rows + kBlock - 1) / kBlock;
  parallel(blocks, kGrain / (kBlock * std::max<size_t>(1, x.columns)) + 1, [&](size_t first, size_t last) {
    const size_t end = std::min(x.rows, last * kBlock);
    for (size_t start = first * kBlock; start < end; start += kBlock) {
      const size_t stop = std::min(end, start + kBlock);
      for (size_t left = 0; left < x.columns; left += kBlock) {
        const size_t right = std::min(x.columns, left + kBlock);
        for (size_t column = left; column < right; column++) {
          for (size_t row = start; row < stop; row++) {
            turned[column * x.rows + row] = x.values[row * x.columns + column];
          }
        }
      }
    }
  });
}

}  // namespace recall
