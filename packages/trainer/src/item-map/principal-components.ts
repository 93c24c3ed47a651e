/** Rows projected on the two directions in which they differ most. */
export interface Projection {
  /** `[rows, 2]` */
  readonly points: Float64Array;
  /** The share of the rows' variance that the two directions hold, in [0, 1]. */
  readonly explained: number;
}

/** Power iteration gains a digit in few rounds where directions differ; where they do not, either one will do. */
const ROUNDS = 100;

/**
 * Principal components by power iteration on the covariance, the second after the first is taken out. The largest entry
 * of each direction is positive, so that the same rows give the same picture.
 *
 * @param rows `[n, dim]`
 */
export function principalComponents(rows: Float32Array, dim: number): Projection {
  const count = rows.length / dim;
  const centred = centre(rows, dim);
  const covariance = covarianceOf(centred, dim);
  let total = 0;
  for (let i = 0; i < dim; i++) total += covariance[i * dim + i];
  const points = new Float64Array(count * 2);
  let held = 0;
  for (let axis = 0; axis < Math.min(2, dim); axis++) {
    const { direction, variance } = strongest(covariance, dim);
    held += variance;
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < dim; i++) points[row * 2 + axis] += centred[row * dim + i] * direction[i];
    }
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) covariance[i * dim + j] -= variance * direction[i] * direction[j];
    }
  }
  return { points, explained: total > 0 ? held / total : 0 };
}

function centre(rows: Float32Array, dim: number): Float64Array {
  const mean = new Float64Array(dim);
  const count = rows.length / dim;
  for (let at = 0; at < rows.length; at++) mean[at % dim] += rows[at] / count;
  return Float64Array.from(rows, (value, at) => value - mean[at % dim]);
}

/** @returns `[dim, dim]` */
function covarianceOf(centred: Float64Array, dim: number): Float64Array {
  const covariance = new Float64Array(dim * dim);
  const count = centred.length / dim;
  for (let start = 0; start < centred.length; start += dim) {
    for (let i = 0; i < dim; i++) {
      const scaled = centred[start + i] / count;
      for (let j = 0; j < dim; j++) covariance[i * dim + j] += scaled * centred[start + j];
    }
  }
  return covariance;
}

function strongest(matrix: Float64Array, dim: number): { direction: Float64Array; variance: number } {
  // No entry of the start is zero, and no two are equal: it is at right angles to no likely direction.
  let direction = normalise(Float64Array.from({ length: dim }, (_, i) => 1 + i / dim));
  let variance = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(dim);
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) next[i] += matrix[i * dim + j] * direction[j];
    }
    variance = Math.hypot(...next);
    if (variance === 0) break;
    direction = normalise(next);
  }
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return { direction: largest < 0 ? direction.map((value) => -value) : direction, variance };
}

function normalise(values: Float64Array): Float64Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
