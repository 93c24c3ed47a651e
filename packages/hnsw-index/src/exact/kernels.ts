/**
 * Queries scored in one pass over the vectors. Eight sums are independent of one another, so the processor overlaps
 * them, and eight doubles beside the loaded value still fit its registers.
 */
export const LANES = 8;

/**
 * Scores a block of rows against {@link LANES} queries.
 *
 * @param vectors `[rows, dim]`
 * @param queries `[dim, LANES]`: the queries side by side, so that the inner loop reads them in order
 * @param out `[LANES, end - start]`
 */
export type Kernel = (
  vectors: Float32Array,
  queries: Float64Array,
  dim: number,
  start: number,
  end: number,
  out: Float64Array,
) => void;

/** Inner products. */
export const innerProducts: Kernel = (vectors, queries, dim, start, end, out) => {
  const rows = end - start;
  for (let row = 0; row < rows; row++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    const first = (start + row) * dim;
    for (let d = 0, q = 0; d < dim; d++, q += LANES) {
      const value = vectors[first + d];
      s0 += value * queries[q];
      s1 += value * queries[q + 1];
      s2 += value * queries[q + 2];
      s3 += value * queries[q + 3];
      s4 += value * queries[q + 4];
      s5 += value * queries[q + 5];
      s6 += value * queries[q + 6];
      s7 += value * queries[q + 7];
    }
    out[row] = s0;
    out[rows + row] = s1;
    out[2 * rows + row] = s2;
    out[3 * rows + row] = s3;
    out[4 * rows + row] = s4;
    out[5 * rows + row] = s5;
    out[6 * rows + row] = s6;
    out[7 * rows + row] = s7;
  }
};

/**
 * Negative squared Euclidean distances, from the differences: the expansion |q|² + |x|² − 2qx would lose the digits
 * that tell near neighbours apart.
 */
export const negativeSquaredDistances: Kernel = (vectors, queries, dim, start, end, out) => {
  const rows = end - start;
  for (let row = 0; row < rows; row++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    const first = (start + row) * dim;
    for (let d = 0, q = 0; d < dim; d++, q += LANES) {
      const value = vectors[first + d];
      s0 += (value - queries[q]) ** 2;
      s1 += (value - queries[q + 1]) ** 2;
      s2 += (value - queries[q + 2]) ** 2;
      s3 += (value - queries[q + 3]) ** 2;
      s4 += (value - queries[q + 4]) ** 2;
      s5 += (value - queries[q + 5]) ** 2;
      s6 += (value - queries[q + 6]) ** 2;
      s7 += (value - queries[q + 7]) ** 2;
    }
    out[row] = -s0;
    out[rows + row] = -s1;
    out[2 * rows + row] = -s2;
    out[3 * rows + row] = -s3;
    out[4 * rows + row] = -s4;
    out[5 * rows + row] = -s5;
    out[6 * rows + row] = -s6;
    out[7 * rows + row] = -s7;
  }
};
