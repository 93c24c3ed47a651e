import { performance } from 'node:perf_hooks';
import { ExactIndex, NeighbourSample, type SearchIndex } from '@vector-recall/hnsw-index';
import { type RandomStream, sampleRows } from '@vector-recall/random';
import { summariseLatency } from './latency';

/** A breadth of searches, and what it buys. */
export interface SearchPoint {
  readonly efSearch: number;
  /** At `k`, in [0, 1]. */
  readonly recall: number;
  /** Median time of one query, in milliseconds. */
  readonly p50Ms: number;
}

/** Recall over latency: what a broader or a narrower search than the chosen one would give. */
export interface SearchCurveReport {
  readonly k: number;
  /** The `efSearch` of the index. */
  readonly chosen: number;
  /** By `efSearch`, ascending. */
  readonly points: readonly SearchPoint[];
}

const QUERIES = 200;

/** Queries before the clock starts: compilers and caches settle. */
const WARM_UP = 20;

/** Around the chosen breadth, which the middle one is. */
const FACTORS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

export interface SearchCurveOptions {
  /** Length of the lists; at most as many as there are items. */
  readonly k: number;
  readonly random: RandomStream;
  readonly signal?: AbortSignal;
}

/**
 * Searches for a sample of users with several breadths.
 *
 * @param vectors `[items, dim]` and `[users, dim]`
 */
export async function measureSearchCurve(
  index: SearchIndex,
  vectors: { readonly items: Float32Array; readonly users: Float32Array },
  { k: asked, random, signal }: SearchCurveOptions,
): Promise<SearchCurveReport> {
  const { dim, size, space, efSearch: chosen } = index;
  const k = Math.min(asked, size);
  const queries = sampleRows(vectors.users, dim, QUERIES, random);
  const sample = NeighbourSample.of(new ExactIndex(vectors.items, dim, space), queries, k);
  const breadths = breadthsAround(chosen, size);
  const times = await medianTimes(index, queries, k, breadths);
  const points: SearchPoint[] = [];
  for (const [n, efSearch] of breadths.entries()) {
    const { mean: recall } = await sample.recall(index, k, { efSearch, signal });
    points.push({ efSearch, recall, p50Ms: times[n] });
  }
  return { k, chosen, points };
}

function breadthsAround(chosen: number, size: number): number[] {
  const breadths = FACTORS.map((factor) => Math.min(size, Math.max(1, Math.round(chosen * factor))));
  return [...new Set([...breadths, chosen])].sort((a, b) => a - b);
}

/** Every query is asked with all breadths in turn, so that what else the machine does slows them alike. */
async function medianTimes(
  index: SearchIndex,
  queries: Float32Array,
  k: number,
  breadths: readonly number[],
): Promise<number[]> {
  const { dim } = index;
  const count = queries.length / dim;
  const timeOf = async (n: number, efSearch: number): Promise<number> => {
    const startedAt = performance.now();
    await index.searchMany([{ vector: queries.subarray(n * dim, (n + 1) * dim), k, efSearch }]);
    return performance.now() - startedAt;
  };
  for (let n = 0; n < Math.min(WARM_UP, count); n++) {
    for (const efSearch of breadths) await timeOf(n, efSearch);
  }
  const times = breadths.map(() => new Float64Array(count));
  for (let n = 0; n < count; n++) {
    for (const [place, efSearch] of breadths.entries()) times[place][n] = await timeOf(n, efSearch);
  }
  return times.map((ofBreadth) => summariseLatency(ofBreadth).p50Ms);
}
