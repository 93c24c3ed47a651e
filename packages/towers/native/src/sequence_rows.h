#pragma once

#include <cstddef>
#include <cstdint>

#include "rows.h"

namespace recall {

/**
 * Sequences of entries, and the rows that they become: those of sequence s follow the row of its start, so that it is
 * the rows `offsets[s] + s` to `offsets[s + 1] + s`.
 */
struct SequenceRows {
  /** `[count + 1]`, rising from 0. */
  const int32_t* offsets;
  size_t count;
  size_t dim;
  /** What entries are multiplied by. */
  float scale;
  /** Of the entries, `[entries, dim]`. */
  Kept kept;
};

/** @param entries `[entries, dim]` @param start `[dim]` @param out `[entries + count, dim]` */
void lay_out_sequences(const SequenceRows& sequences, const float* entries, const float* start, float* out);

void lay_out_sequences_gradient(const SequenceRows& sequences, const float* gradient, float* of_entries,
                                float* of_start);

/** Rows of `[rows, dim]`, `reads[i]` each, at mean zero and variance one, and then by `scale` `[dim]`. */
struct NormalRows {
  const int32_t* reads;
  size_t count;
  size_t dim;
  const float* scale;
};

/** @param normal,out `[count, dim]` @param inverse `[count]` */
void read_normal_rows(const NormalRows& rows, const float* x, float epsilon, float* out, float* normal, float* inverse);

/** @param of_x `[rows, dim]` @param of_scale `[dim]` */
void read_normal_rows_gradient(const NormalRows& rows, const float* gradient, const float* normal, const float* inverse,
                               size_t row_count, float* of_x, float* of_scale);

}  // namespace recall
