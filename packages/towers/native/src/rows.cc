#include "rows.h"

#include <cmath>

#include "multiversion.h"
#include "vectors.h"

namespace recall {

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

RECALL_MULTIVERSION void scale_row(const float* x, float factor, float* out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = x[i] * factor;
}

RECALL_MULTIVERSION void add_row(const float* __restrict x, float* __restrict to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += x[i];
}

RECALL_MULTIVERSION void multiply_row(const float* __restrict a, const float* __restrict b, float* __restrict out,
                                      size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

RECALL_MULTIVERSION float exponentiate(float* values, size_t count, float largest) {
  Floats sum{};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats value;
    load(values + i, &value);
    value -= largest;
    exponentials(&value);
    sum += value;
    store(&value, values + i);
  }
  if (i < count) {
    float rest[kLanes];
    for (size_t j = 0; j < kLanes; j++) rest[j] = i + j < count ? values[i + j] - largest : -INFINITY;
    Floats value;
    load(rest, &value);
    exponentials(&value);
    sum += value;
    store(&value, rest);
    for (size_t j = 0; i + j < count; j++) values[i + j] = rest[j];
  }
  return sum_of(&sum);
}

RECALL_MULTIVERSION float shift_row(float* values, const float* shift, size_t count) {
  Floats most = Floats{} - INFINITY;
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats value, by;
    load(values + i, &value);
    load(shift + i, &by);
    value += by;
    most = value > most ? value : most;
    store(&value, values + i);
  }
  float largest = largest_of(&most);
  for (; i < count; i++) {
    values[i] += shift[i];
    largest = values[i] > largest ? values[i] : largest;
  }
  return largest;
}

RECALL_MULTIVERSION void drop_row(float* __restrict x, Kept kept, size_t count) {
  if (!kept) return;
  const uint8_t* __restrict units = kept.units;
  for (size_t i = 0; i < count; i++) x[i] *= static_cast<float>(units[i]) * kept.scale;
}

// What is not a number is not below 0 and goes on, so that a training that diverges is noticed.
RECALL_MULTIVERSION void rectify_row(float* __restrict x, Kept kept, size_t count) {
  if (!kept) {
    for (size_t i = 0; i < count; i++) x[i] = x[i] < 0 ? 0 : x[i];
    return;
  }
  const uint8_t* __restrict units = kept.units;
  for (size_t i = 0; i < count; i++) {
    const float value = x[i] * (static_cast<float>(units[i]) * kept.scale);
    x[i] = value < 0 ? 0 : value;
  }
}

RECALL_MULTIVERSION void pass_row(float* __restrict dy, const float* __restrict y, float scale, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float passing = dy[i] * scale;
    dy[i] = y[i] > 0 ? passing : 0.0f;
  }
}

RECALL_MULTIVERSION float normalize_row(const float* x, float epsilon, float* out, size_t count) {
  Floats sum{};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats value;
    load(x + i, &value);
    sum += value;
  }
  float total = sum_of(&sum);
  for (; i < count; i++) total += x[i];
  const float mean = total / static_cast<float>(count);
  for (i = 0; i < count; i++) out[i] = x[i] - mean;
  const float variance = dot(out, out, count) / static_cast<float>(count);
  const float inverse = 1 / std::sqrt(variance + epsilon);
  for (i = 0; i < count; i++) out[i] *= inverse;
  return inverse;
}

RECALL_MULTIVERSION void add_normal_gradient(const float* __restrict dy, const float* __restrict y, float inverse,
                                             float* __restrict to, size_t count) {
  Floats sum{}, products{};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats slope, value;
    load(dy + i, &slope);
    load(y + i, &value);
    sum += slope;
    products += slope * value;
  }
  float total = sum_of(&sum), along = sum_of(&products);
  for (; i < count; i++) {
    total += dy[i];
    along += dy[i] * y[i];
  }
  const float mean = total / static_cast<float>(count);
  along /= static_cast<float>(count);
  for (i = 0; i < count; i++) to[i] += (dy[i] - mean - y[i] * along) * inverse;
}

}  // namespace recall
