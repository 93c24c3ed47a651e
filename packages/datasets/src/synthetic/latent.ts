import type { RandomStream } from '@vector-recall/random';

/** Dimensions of the space in which categories, niches and tags of the synthetic world lie. */
export const LATENT_DIM = 16;

/** `[count, LATENT_DIM]` directions, uniform on the unit sphere. */
export function randomDirections(count: number, random: RandomStream): Float64Array {
  const vectors = new Float64Array(count * LATENT_DIM);
  for (let i = 0; i < vectors.length; i++) vectors[i] = random.normal();
  for (let row = 0; row < count; row++) normalise(vectors, row);
  return vectors;
}

/** Brings one row of `[n, LATENT_DIM]` to length 1. */
export function normalise(vectors: Float64Array, row: number): void {
  let squares = 0;
  const from = row * LATENT_DIM;
  for (let d = 0; d < LATENT_DIM; d++) squares += vectors[from + d] * vectors[from + d];
  const length = Math.sqrt(squares);
  for (let d = 0; d < LATENT_DIM; d++) vectors[from + d] /= length;
}

/** The product of a row of one `[n, LATENT_DIM]` and a row of another. */
export function dot(a: Float64Array, rowOfA: number, b: Float64Array, rowOfB: number): number {
  let sum = 0;
  const fromA = rowOfA * LATENT_DIM;
  const fromB = rowOfB * LATENT_DIM;
  for (let d = 0; d < LATENT_DIM; d++) sum += a[fromA + d] * b[fromB + d];
  return sum;
}

/** The `k` rows of `vectors` nearest to one row of `queries`, nearest first, ties to the lower row. */
export function nearest(queries: Float64Array, query: number, vectors: Float64Array, k: number): Int32Array {
  const count = vectors.length / LATENT_DIM;
  const best = new Int32Array(Math.min(k, count));
  const scores = new Float64Array(best.length).fill(-Infinity);
  for (let row = 0; row < count; row++) {
    const score = dot(queries, query, vectors, row);
    if (score <= scores[scores.length - 1]) continue;
    let place = best.length - 1;
    while (place > 0 && scores[place - 1] < score) {
      best[place] = best[place - 1];
      scores[place] = scores[place - 1];
      place--;
    }
    best[place] = row;
    scores[place] = score;
  }
  return best;
}
