#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** A batch `[rows, columns]` on its way through batch normalisation, ReLU and dropout, and what each column has. */
struct HiddenLayer {
  size_t rows;
  size_t columns;
  /** `[rows, columns]` */
  const float* input;
  /** `[columns]` */
  const float* scale;
  /** `[rows, columns]`, 0 where a unit is dropped and 1 elsewhere; null where none is. */
  const uint8_t* kept;
};

/** Moments of the columns of a batch, `[columns]` each. */
struct ColumnMoments {
  float* mean;
  /** Σ(x − mean)² / (rows − 1) */
  float* variance;
  /** 1/√(Σ(x − mean)² / rows + ε) */
  float* inverse;
};

/** out = max(0, scale·(x − mean)·inverse + offset), 0 where dropped. Sums are in double precision. */
void normalize_and_drop(const HiddenLayer& layer, const float* offset, double epsilon, ColumnMoments moments, float* out);

/**
 * The gradients of {@link normalize_and_drop} from that of its value, which passes where the value is above 0
 * (Ioffe & Szegedy 2015, section 3): of the input `[rows, columns]`, the scale and the offset `[columns]`.
 */
void normalize_and_drop_gradient(const HiddenLayer& layer, const float* gradient, const float* value, const float* mean,
                                 const float* inverse, float* of_input, float* of_scale, float* of_offset);

}  // namespace recall
