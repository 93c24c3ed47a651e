/** A generator for tests (mulberry32): the same seed gives the same numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Points scattered about centres, as trained vectors are: uniform ones would have no neighbours worth finding.
 *
 * @returns `[count, dim]`
 */
export function clusteredVectors(count: number, dim: number, seed: number): Float32Array {
  // The centres are drawn first and alike for every seed, so that queries fall where the vectors are.
  const drawCentre = createRandom(7);
  const centres = Float32Array.from({ length: 20 * dim }, () => drawCentre() * 2 - 1);
  const random = createRandom(seed);
  const vectors = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const centre = Math.floor(random() * 20) * dim;
    for (let d = 0; d < dim; d++) vectors[row * dim + d] = centres[centre + d] + (random() + random() - 1) * 0.4;
  }
  return vectors;
}
