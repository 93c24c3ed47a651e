#include "sequence_rows.h"

#include <algorithm>
#include <vector>

#include "parallel.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 32 * 1024;

/** `work(entry, row)` for the first entry and the first row of each sequence, the row of its start. */
template <typename Work>
void each_sequence(const SequenceRows& sequences, const Work& work) {
  for (size_t s = 0; s < sequences.count; s++) {
    const size_t entry = static_cast<size_t>(sequences.offsets[s]);
    work(entry * sequences.dim, (entry + s) * sequences.dim,
         (static_cast<size_t>(sequences.offsets[s + 1]) - entry) * sequences.dim);
  }
}

}  // namespace

void lay_out_sequences(const SequenceRows& sequences, const float* entries, const float* start, float* out) {
  const size_t dim = sequences.dim;
  each_sequence(sequences, [&](size_t entry, size_t row, size_t size) {
    std::copy_n(start, dim, out + row);
    scale_row(entries + entry, sequences.scale, out + row + dim, size);
    drop_row(out + row + dim, sequences.kept.from(entry), size);
  });
}

void lay_out_sequences_gradient(const SequenceRows& sequences, const float* gradient, float* of_entries,
                                float* of_start) {
  const size_t dim = sequences.dim;
  std::fill_n(of_start, dim, 0.0f);
  each_sequence(sequences, [&](size_t entry, size_t row, size_t size) {
    add_row(gradient + row, of_start, dim);
    scale_row(gradient + row + dim, sequences.scale, of_entries + entry, size);
    drop_row(of_entries + entry, sequences.kept.from(entry), size);
  });
}

void read_normal_rows(const NormalRows& rows, const float* x, float epsilon, float* out, float* normal,
                      float* inverse) {
  const size_t dim = rows.dim;
  parallel(rows.count, kGrain / dim + 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; i++) {
      inverse[i] = normalize_row(x + static_cast<size_t>(rows.reads[i]) * dim, epsilon, normal + i * dim, dim);
      multiply_row(normal + i * dim, rows.scale, out + i * dim, dim);
    }
  });
}

void read_normal_rows_gradient(const NormalRows& rows, const float* gradient, const float* normal, const float* inverse,
                               size_t row_count, float* of_x, float* of_scale) {
  const size_t dim = rows.dim;
  std::fill_n(of_x, row_count * dim, 0.0f);
  std::fill_n(of_scale, dim, 0.0f);
  std::vector<float> slope(dim);
  for (size_t i = 0; i < rows.count; i++) {
    const float *dy = gradient + i * dim, *y = normal + i * dim;
    multiply_row(dy, y, slope.data(), dim);
    add_row(slope.data(), of_scale, dim);
    multiply_row(dy, rows.scale, slope.data(), dim);
    // A row may be read more than once.
    add_normal_gradient(slope.data(), y, inverse[i], of_x + static_cast<size_t>(rows.reads[i]) * dim, dim);
  }
}

}  // namespace recall
