import type { HnswConfig } from '@vector-recall/core-config';
import {
  ExactIndex,
  NeighbourSample,
  recallAt,
  tuneSearch,
  type SearchIndex,
  type SearchLimit,
} from '@vector-recall/hnsw-index';
import { sampleRows, type RandomStream } from '@vector-recall/random';

/**
 * User vectors that are searched both ways. Half of them choose the breadth of searches and half tell the recall, with
 * a standard error below half a percent.
 */
const QUERIES = 400;

/** An index as it is to be searched, and what comes of it. */
export interface AssessedIndex {
  /** The one that was given, or the same graph with tuned searches. */
  readonly index: SearchIndex;
  /** `"recall@K"` in [0, 1] */
  readonly recall: Readonly<Record<string, number>>;
  /** What keeps searches from the target; absent where it is reached, or where there is none. */
  readonly limitedBy?: SearchLimit;
}

export interface AssessOptions {
  readonly hnsw: Pick<HnswConfig, 'efSearch' | 'targetRecall'>;
  /** List lengths K; those longer than the catalogue are left out. */
  readonly cutoffs: readonly number[];
  readonly random: RandomStream;
  readonly signal?: AbortSignal;
}

/**
 * How much of the exact top K an index returns, for a sample of user vectors: what it is asked in production. Where no
 * `efSearch` is given, searches are tuned first, and the recall is that of users who had no part in the choice.
 *
 * @param index is not changed
 * @param vectors `[items, dim]` and `[users, dim]`
 */
export async function assessIndex(
  index: SearchIndex,
  vectors: { readonly items: Float32Array; readonly users: Float32Array },
  { hnsw, cutoffs, random, signal }: AssessOptions,
): Promise<AssessedIndex> {
  const { dim, size, space } = index;
  const measured = cutoffs.filter((k) => k <= size);
  const depth = Math.max(...measured, Math.min(size, 1));
  const queries = sampleRows(vectors.users, dim, QUERIES, random);
  const sample = NeighbourSample.of(new ExactIndex(vectors.items, dim, space), queries, depth);
  if (hnsw.efSearch !== 0 || sample.size < 2 || measured.length === 0)
    return { index, recall: await recallAt(index, sample, measured, { signal }) };
  const tuned = await tuneSearch(index, sample, { targetRecall: hnsw.targetRecall, cutoffs: measured, signal });
  const { recall, limitedBy } = tuned;
  return { index: index.withTuning(tuned), recall, ...(limitedBy === undefined ? {} : { limitedBy }) };
}
