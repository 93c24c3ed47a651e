import { setImmediate } from 'node:timers/promises';
import { excludingOthers } from './allowed-rows';
import type { Cancellation } from './cancellation';
import type { ConcurrentIndex, IndexQuery } from './concurrent-index';
import type { SearchResult, Space, VectorIndex } from './vector-index';

/** How long queries may keep the event loop before others are let in. */
const SLICE_MS = 20;

/**
 * Searches an index on the calling thread, in slices between which the event loop runs: for one that is only in memory,
 * and for work where nobody else waits.
 */
export class CallerThreadIndex implements ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly queueLength = 0;
  #sliceEnd = 0;

  /** @param efSearch used where a query does not say another; an exact index ignores it */
  constructor(
    private readonly index: VectorIndex,
    readonly efSearch: number,
  ) {
    this.size = index.size;
    this.dim = index.dim;
    this.space = index.space;
  }

  async searchMany(queries: readonly IndexQuery[], signal?: Cancellation): Promise<SearchResult[]> {
    const results: SearchResult[] = [];
    for (const { vector, k, efSearch = this.efSearch, exclude, allowed } of queries) {
      if (performance.now() >= this.#sliceEnd) {
        await setImmediate();
        this.#sliceEnd = performance.now() + SLICE_MS;
      }
      signal?.throwIfAborted();
      const excluded = excludingOthers(allowed, exclude);
      results.push(this.index.search(vector, k, { efSearch, exclude: excluded && new Set(excluded) }));
    }
    return results;
  }

  async close(): Promise<void> {}
}
