import { IndexArgumentError } from './errors';
import type { ExactIndex } from './exact/exact-index';
import type { SearchResult, VectorIndex } from './vector-index';

/** Queries searched at a time, so that the results of a large set are never held all at once. */
const BLOCK = 256;

/** What tells the true score of a row; `ExactIndex` does. */
export interface RowScorer {
  /** @param query `[dim]` */
  scoreRows(query: Float32Array, labels: Iterable<number>): Float32Array;
}

/**
 * How many of the rows that were found are true neighbours. Rows with the score of the last true one are as good as
 * it: of a hundred copies of a vector any ten are its ten nearest.
 *
 * @param truth the nearest rows, best first
 * @param found rows, each once
 */
export function countTrue(
  query: Float32Array,
  { labels, scores }: SearchResult,
  found: Int32Array,
  scorer: RowScorer,
): number {
  const wanted = new Set(labels);
  const others = found.filter((label) => !wanted.has(label));
  const last = scores[scores.length - 1];
  const equal = scorer.scoreRows(query, others).filter((score) => score >= last);
  return Math.min(labels.length, found.length - others.length + equal.length);
}

/**
 * The share of the true `k` nearest neighbours that an index finds, averaged over queries; equal scores count as equal.
 *
 * @param truth an exact index over the same vectors
 * @param queries `[n, dim]`
 * @returns in [0, 1]
 * @throws IndexArgumentError also where `truth` is not exact, or does not fit the index
 */
export function measureRecall(index: VectorIndex, truth: ExactIndex, queries: Float32Array, k: number): number {
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
      const query = block.subarray(i * index.dim, (i + 1) * index.dim);
      found += countTrue(query, neighbours, actual[i].labels, truth);
      wanted += neighbours.labels.length;
    });
  }
  if (wanted === 0) throw new IndexArgumentError('queries', 'queries is empty; recall needs at least one query.');
  return found / wanted;
}

function describe(index: VectorIndex): string {
  return `${index.size} vectors of ${index.dim} dimensions under ${index.space}`;
}
