import { LAYER_NORM_EPSILON } from '../../ops/epsilons';

/** Writes one row at mean zero and variance one, as `layerNorm` of the model; `from` and `to` may be the same. */
export function normaliseRow(from: Float64Array, start: number, to: Float64Array, at: number, dim: number): void {
  let sum = 0;
  for (let i = start; i < start + dim; i++) sum += from[i];
  const mean = sum / dim;
  let squares = 0;
  for (let i = start; i < start + dim; i++) squares += (from[i] - mean) * (from[i] - mean);
  const inverse = 1 / Math.sqrt(squares / dim + LAYER_NORM_EPSILON);
  for (let i = 0; i < dim; i++) to[at + i] = (from[start + i] - mean) * inverse;
}
