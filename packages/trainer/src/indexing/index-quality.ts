import { setImmediate } from 'node:timers/promises';
import { ExactIndex, measureRecall, type VectorIndex } from '@vector-recall/hnsw-index';
import type { RandomStream } from '@vector-recall/random';

/** User vectors that are searched both ways. Their mean recall has a standard error below half a percent. */
const QUERIES = 200;

/**
 * How much of the exact top K an index returns, for a sample of user vectors: what it is asked in production.
 *
 * @param itemVectors `[items, dim]`
 * @param userVectors `[users, dim]`
 * @param cutoffs list lengths K; those longer than the catalogue are left out
 * @returns `"recall@K"` in [0, 1]
 */
export async function indexRecall(
  index: VectorIndex,
  vectors: { readonly items: Float32Array; readonly users: Float32Array },
  cutoffs: readonly number[],
  random: RandomStream,
): Promise<Record<string, number>> {
  const { dim } = index;
  const queries = sampleRows(vectors.users, dim, QUERIES, random);
  const exact = new ExactIndex(vectors.items, dim, index.space);
  const recall: Record<string, number> = {};
  for (const cutoff of cutoffs.filter((k) => k <= index.size)) {
    recall[`recall@${cutoff}`] = measureRecall(index, exact, queries, cutoff);
    await setImmediate();
  }
  return recall;
}

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
