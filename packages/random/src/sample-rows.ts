import type { RandomStream } from './random-stream';

/** Rows drawn without repeats, or all where there are no more, `[count, dim]`. */
export function sampleRows(matrix: Float32Array, dim: number, count: number, random: RandomStream): Float32Array {
  const rows = Int32Array.from({ length: matrix.length / dim }, (_, row) => row);
  random.shuffle(rows);
  const taken = rows.subarray(0, count);
  const sample = new Float32Array(taken.length * dim);
  taken.forEach((row, n) => {
    sample.set(matrix.subarray(row * dim, (row + 1) * dim), n * dim);
  });
  return sample;
}
