import { availableParallelism } from 'node:os';
import { limitScores } from '../limit-scores';
import type { Addon } from '../native/addon';
import { spaceNumber } from '../native/engine-options';
import type { RowSet, SearchResult, Space } from '../vector-index';

export interface ExactRows {
  /** `[size, dim]` */
  readonly vectors: Float32Array;
  readonly dim: number;
  readonly size: number;
  readonly space: Space;
  /** `[size]`, one over the length of each row; empty for `l2`. */
  readonly inverseNorms: Float64Array;
}

const MAX_DIM = 4096;

/** What is left out is asked for too and dropped afterwards; past this many times the rows wanted, that costs more. */
const MOST_EXCLUDED = 64;

/** Whether {@link searchNatively} takes such a search. */
export function fitsNative({ dim }: ExactRows, k: number, exclude: RowSet | undefined): boolean {
  return dim <= MAX_DIM && (exclude === undefined || exclude.size <= MOST_EXCLUDED * k);
}

/**
 * Exact search by the native engine, on all threads: the rows and scores that the kernels of this package find.
 *
 * @param queries `[n, dim]`
 */
export function searchNatively(
  addon: Addon,
  rows: ExactRows,
  queries: Float32Array,
  k: number,
  exclude: RowSet | undefined,
  instructions = addon.listKernels()[0],
): SearchResult[] {
  const { vectors, inverseNorms, space, dim, size } = rows;
  const count = queries.length / dim;
  const wanted = Math.min(size, k + (exclude?.size ?? 0));
  const labels = new Int32Array(count * wanted);
  const scores = new Float32Array(count * wanted);
  addon.searchExact(
    vectors,
    inverseNorms,
    spaceNumber(space),
    dim,
    queries,
    wanted,
    availableParallelism(),
    instructions,
    labels,
    scores,
  );
  limitScores(scores, space);
  return Array.from({ length: count }, (_, i) => {
    const found = {
      labels: labels.subarray(i * wanted, (i + 1) * wanted),
      scores: scores.subarray(i * wanted, (i + 1) * wanted),
    };
    return exclude === undefined ? found : without(found, k, exclude);
  });
}

function without({ labels, scores }: SearchResult, k: number, exclude: RowSet): SearchResult {
  let kept = 0;
  for (let i = 0; i < labels.length && kept < k; i++) {
    if (exclude.has(labels[i])) continue;
    labels[kept] = labels[i];
    scores[kept++] = scores[i];
  }
  return { labels: labels.subarray(0, kept), scores: scores.subarray(0, kept) };
}
