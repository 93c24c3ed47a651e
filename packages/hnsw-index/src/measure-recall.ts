import { IndexArgumentError } from './errors';
import type { VectorIndex } from './vector-index';

/** Queries searched at a time, so that the results of a large set are never held all at once. */
const BLOCK = 256;

/**
 * The share of the true `k` nearest neighbours that an index finds, averaged over queries.
 *
 * @param truth an exact index over the same vectors
 * @param queries `[n, dim]`
 * @returns in [0, 1]
 * @throws IndexArgumentError also where `truth` is not exact, or does not fit the index
 */
export function measureRecall(index: VectorIndex, truth: VectorIndex, queries: Float32Array, k: number): number {
  if (!truth.isExact) {
    throw new IndexArgumentError(
      'truth',
      'Recall must be measured against an exact index; give an ExactIndex as truth.',
    );
  }
  if (truth.size !== index.size || truth.dim !== index.dim || truth.space !== index.space) {
    throw new IndexArgumentError(
      'truth',
      `The truth holds ${describe(truth)}, but the index holds ${describe(index)}; build both over the same vectors.`,
    );
  }
  let found = 0;
  let wanted = 0;
  for (let start = 0; start < queries.length; start += BLOCK * index.dim) {
    const block = queries.subarray(start, start + BLOCK * index.dim);
    const expected = truth.searchBatch(block, k);
    const actual = index.searchBatch(block, k);
    expected.forEach((neighbours, i) => {
      const labels = new Set(actual[i].labels);
      for (const label of neighbours.labels) if (labels.has(label)) found++;
      wanted += neighbours.labels.length;
    });
  }
  if (wanted === 0) throw new IndexArgumentError('queries', 'queries is empty; recall needs at least one query.');
  return found / wanted;
}

function describe(index: VectorIndex): string {
  return `${index.size} vectors of ${index.dim} dimensions under ${index.space}`;
}
