#pragma once

#include <cstddef>

namespace recall {

/** Row-major values `[rows, columns]`. */
struct Matrix {
  const float* values;
  size_t rows;
  size_t columns;
};

/** The loops of host-columns.ts, with the same order of additions. Sums and centre are `[columns]`. */
void sum_columns(Matrix x, double* sums);
void sum_squared_deviations(Matrix x, const double* centre, double* sums);

/** Of y·(x − centre); both matrices have one shape. */
void sum_of_products(Matrix y, const float* x, const double* centre, double* sums);

/** `turned` is `[columns, rows]`. */
void transpose(Matrix x, float* turned);

}  // namespace recall
