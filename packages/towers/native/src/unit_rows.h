#pragma once

#include <cstddef>

namespace recall {

/** x `[rows, columns]` at length one: out = x·inverse, inverse = 1/√max(‖x‖², ε), `[rows]`. */
void unit_rows(const float* x, size_t rows, size_t columns, float epsilon, float* out, float* inverse);

/** Columns of a matrix whose rows are whole multiples of `columns` wide. */
struct Part {
  const float* values;
  /** How many times `columns` a row holds. */
  size_t pieces;
};

/** As {@link unit_rows}, for x the sum of all pieces of all parts. */
void unit_rows_of_sums(const Part* parts, size_t count, size_t rows, size_t columns, float epsilon, float* out,
                       float* inverse);

/** (dy − y·(y·dy))·inverse for y the value of {@link unit_rows} */
void unit_rows_gradient(const float* dy, const float* y, const float* inverse, size_t rows, size_t columns, float* out);

}  // namespace recall
