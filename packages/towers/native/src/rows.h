#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** The loops over single rows that layers and losses are made of, each on the calling thread. */

float dot(const float* a, const float* b, size_t count);

/** out = x·factor; both may be the same. */
void scale_row(const float* x, float factor, float* out, size_t count);

void add_row(const float* x, float* to, size_t count);

/** out = a·b, entry by entry */
void multiply_row(const float* a, const float* b, float* out, size_t count);

/** values = e^(values − largest), for values of at most `largest`. @returns their sum */
float exponentiate(float* values, size_t count, float largest);

/** values += shift. @returns the largest */
float shift_row(float* values, const float* shift, size_t count);

/** Units of a row: those that dropout keeps are scaled up. `kept` is null where none is dropped. */
struct Kept {
  const uint8_t* units;
  float scale;

  explicit operator bool() const { return units != nullptr; }
  Kept from(size_t unit) const { return {units == nullptr ? nullptr : units + unit, scale}; }
};

/** x = x·scale where kept, and 0 elsewhere. */
void drop_row(float* x, Kept kept, size_t count);

/** x = max(0, x), then as {@link drop_row}. */
void rectify_row(float* x, Kept kept, size_t count);

/** dy = dy·scale where y is above 0, and 0 elsewhere: the gradient of {@link rectify_row} by its value y. */
void pass_row(float* dy, const float* y, float scale, size_t count);

/** out = (x − mean)/√(variance + ε) of the row's own moments. @returns the factor 1/√(variance + ε) */
float normalize_row(const float* x, float epsilon, float* out, size_t count);

/** to += the gradient of {@link normalize_row} by its value y: (dy − mean(dy) − y·mean(dy·y))·inverse */
void add_normal_gradient(const float* dy, const float* y, float inverse, float* to, size_t count);

}  // namespace recall
