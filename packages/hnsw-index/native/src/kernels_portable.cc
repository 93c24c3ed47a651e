#include "direction.h"
#include "kernels.h"

#include <algorithm>

namespace recall {
namespace {

void score_codes(const int8_t* query, const uint8_t* codes, size_t stride, const uint32_t* rows, size_t count,
                 int32_t* out) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t* code = codes + rows[i] * stride;
    int32_t sum = 0;
    for (size_t d = 0; d < stride; d++) sum += int32_t{query[d]} * int32_t{code[d]};
    out[i] = sum;
  }
}

float dot_code(const float* weights, const uint8_t* code, size_t dim) {
  float sum = 0;
  for (size_t d = 0; d < dim; d++) sum += weights[d] * static_cast<float>(code[d]);
  return sum;
}

float dot(const float* a, const float* b, size_t dim) {
  float sum = 0;
  for (size_t d = 0; d < dim; d++) sum += a[d] * b[d];
  return sum;
}

float squared_distance(const float* a, const float* b, size_t dim) {
  float sum = 0;
  for (size_t d = 0; d < dim; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

template <float (*compare)(const float*, const float*, size_t)>
void tile(const float* const* queries, const float* rows, size_t dim, float* out) {
  for (size_t q = 0; q < kTile; q++) {
    for (size_t r = 0; r < kTile; r++) out[q * kTile + r] = compare(queries[q], rows + r * dim, dim);
  }
}

void vector_direction(const float* vector, size_t dim, int8_t* direction) { round_direction(vector, dim, direction); }

void code_direction(const CodedRow& row, size_t dim, float* values, int8_t* direction) {
  decode_row(row, dim, values);
  round_direction(values, dim, direction);
}

}  // namespace

void raise_largest_portably(const int8_t* block, size_t groups, const int8_t* codes, const int32_t*, size_t count,
                            int32_t* largest) {
  for (size_t i = 0; i < count; i++) {
    const int8_t* const code = codes + i * 4 * groups;
    int32_t sum[kBlock] = {};
    for (size_t g = 0; g < groups; g++) {
      for (size_t c = 0; c < kBlock; c++) {
        const int8_t* const values = block + (g * kBlock + c) * 4;
        for (size_t d = 0; d < 4; d++) sum[c] += int32_t{values[d]} * int32_t{code[4 * g + d]};
      }
    }
    for (size_t c = 0; c < kBlock; c++) largest[c] = std::max(largest[c], sum[c]);
  }
}

const Kernels portable_kernels = {"portable", score_codes, dot_code, dot, squared_distance, tile<dot>,
                                  tile<squared_distance>, 4, nullptr, nullptr, raise_largest_portably,
                                  vector_direction, code_direction};

}  // namespace recall
