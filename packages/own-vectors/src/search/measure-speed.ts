import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import type { QueryPlan } from './query-plan';

/** Queries handed over at once: enough that no thread waits for the others at the end of a block. */
const BLOCK = 512;

/** Calls under way at a time, so that threads search on while the results of one are taken. */
const CALLS = 2;

/** Queries asked one at a time: the 99th percentile is that of the slowest twenty. */
const SINGLES = 2000;

export interface SearchSpeed {
  /** Queries a second, all threads busy. */
  readonly qps: number;
  /** Median time of a query that is asked alone, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Asks all queries again and again, then some of them one at a time.
 * @param leastMs how long the first part lasts at least
 */
export async function measureSpeed(
  index: ConcurrentIndex,
  plan: QueryPlan,
  leastMs: number,
  signal: AbortSignal | undefined,
): Promise<SearchSpeed> {
  // The first touch of a page of a mapped file is not what a search costs.
  await askAll(index, plan, signal);
  let asked = 0;
  const startedAt = performance.now();
  do {
    await askAll(index, plan, signal);
    asked += plan.size;
  } while (performance.now() - startedAt < leastMs);
  const qps = (1000 * asked) / (performance.now() - startedAt);
  return { qps, ...(await askSingly(index, plan, signal)) };
}

async function askAll(index: ConcurrentIndex, plan: QueryPlan, signal: AbortSignal | undefined): Promise<void> {
  // At least a block for each call, also of few queries.
  const total = Math.max(plan.size, CALLS);
  const length = Math.min(BLOCK, Math.ceil(total / CALLS));
  let next = 0;
  const call = async (): Promise<void> => {
    while (next < plan.size) {
      const start = next;
      next += length;
      await index.searchMany(plan.block(start, length), signal);
    }
  };
  await Promise.all(Array.from({ length: CALLS }, call));
}

async function askSingly(
  index: ConcurrentIndex,
  plan: QueryPlan,
  signal: AbortSignal | undefined,
): Promise<Pick<SearchSpeed, 'p50Ms' | 'p99Ms'>> {
  const times = new Float64Array(SINGLES);
  for (let i = 0; i < SINGLES; i++) {
    const query = [plan.at(i)];
    const startedAt = performance.now();
    await index.searchMany(query, signal);
    times[i] = performance.now() - startedAt;
  }
  times.sort();
  return { p50Ms: times[Math.ceil(SINGLES * 0.5) - 1], p99Ms: times[Math.ceil(SINGLES * 0.99) - 1] };
}
