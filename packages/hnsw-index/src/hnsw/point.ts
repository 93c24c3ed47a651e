import { squaredNorm } from '../validate';
import type { Space } from '../vector-index';

/**
 * Copies a vector into the plain array that the addon takes; for `cosine`, at length one.
 * The length is computed in double precision, so it neither overflows nor vanishes for any float32 vector but zero.
 *
 * @param point `[dim]`, overwritten
 */
export function writePoint(point: number[], vectors: Float32Array, start: number, space: Space): void {
  const dim = point.length;
  const scale = space === 'cosine' ? 1 / Math.sqrt(squaredNorm(vectors, start, dim)) : 1;
  for (let i = 0; i < dim; i++) point[i] = vectors[start + i] * scale;
}
