import type { IndexQuery } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import { checkQuery, checkSearch } from '../validate';
import type { SearchResult, Space } from '../vector-index';
import { loadAddon, type FilterHandle, type IndexHandle, type SearchHandle } from './addon';

/** Rows that searches of one index may return, made by its `filter`. */
export class RowFilter {
  constructor(
    /** For the search that uses it. */
    readonly handle: FilterHandle,
    readonly index: IndexHandle,
  ) {}
}

export interface EngineQuery extends IndexQuery {
  /** Narrows the rows that may be returned, before `exclude` does. Shared by any number of queries. */
  readonly filter?: RowFilter;
}

/** What the queries are checked against. */
export interface SearchTarget {
  readonly handle: IndexHandle;
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly efSearch: number;
  readonly keepsVectors: boolean;
}

const noRows = new Int32Array(0);

/** Searches on the engine's threads. */
export async function searchNative(
  target: SearchTarget,
  queries: readonly EngineQuery[],
  signal: AbortSignal | undefined,
): Promise<SearchResult[]> {
  const packed = pack(target, queries);
  const { vectors, plans, excluded, filters, labels, scores, found } = packed;
  await answer(signal, (onDone) =>
    loadAddon().startSearch(target.handle, vectors, plans, excluded, filters, labels, scores, found, onDone),
  );
  return unpack(packed);
}

/** Searches on the calling thread. */
export function searchNativeSync(target: SearchTarget, query: EngineQuery): SearchResult {
  const packed = pack(target, [query]);
  const { vectors, plans, excluded, filters, labels, scores, found } = packed;
  loadAddon().searchNow(target.handle, vectors, plans, excluded, filters, labels, scores, found);
  return unpack(packed)[0];
}

/** Queries as the addon takes them, and room for what it finds. */
interface PackedQueries {
  /** `[n, dim]` */
  readonly vectors: Float32Array;
  /** `[n, 4]`: k, efSearch, excluded rows, whether scores are exact. */
  readonly plans: Uint32Array;
  readonly excluded: Int32Array;
  readonly filters: readonly (FilterHandle | null)[];
  /** `[Σ k]`, as are the scores. */
  readonly labels: Int32Array;
  readonly scores: Float32Array;
  /** `[n]`: how many rows were found. */
  readonly found: Int32Array;
}

/** @throws IndexArgumentError */
function pack(target: SearchTarget, queries: readonly EngineQuery[]): PackedQueries {
  const { dim, size, efSearch } = target;
  queries.forEach((query) => {
    checkEngineQuery(query, target);
  });
  const vectors = new Float32Array(queries.length * dim);
  const plans = new Uint32Array(queries.length * 4);
  let room = 0;
  queries.forEach(({ vector, k, exclude, exactScores, efSearch: ef = efSearch }, i) => {
    vectors.set(vector, i * dim);
    plans.set([Math.min(k, size), ef, exclude?.length ?? 0, exactScores === true ? 1 : 0], i * 4);
    room += Math.min(k, size);
  });
  return {
    vectors,
    plans,
    excluded: concatenate(queries.map(({ exclude }) => exclude ?? noRows)),
    filters: queries.map(({ filter }) => filter?.handle ?? null),
    labels: new Int32Array(room),
    scores: new Float32Array(room),
    found: new Int32Array(queries.length),
  };
}

function unpack({ plans, labels, scores, found }: PackedQueries): SearchResult[] {
  let start = 0;
  return Array.from(found, (count, i) => {
    const end = start + count;
    const result = { labels: labels.subarray(start, end), scores: scores.subarray(start, end) };
    start += plans[i * 4];
    return result;
  });
}

/** Waits for a search, and cancels it when the signal says so. */
async function answer(signal: AbortSignal | undefined, start: (onDone: () => void) => SearchHandle): Promise<void> {
  const addon = loadAddon();
  let cancel: (() => void) | undefined;
  try {
    await new Promise<void>((resolve) => {
      const search = start(resolve);
      cancel = () => {
        addon.cancelSearch(search);
      };
      signal?.addEventListener('abort', cancel, { once: true });
    });
  } finally {
    if (cancel) signal?.removeEventListener('abort', cancel);
  }
  signal?.throwIfAborted();
}

function checkEngineQuery(query: EngineQuery, { handle, dim, space, keepsVectors }: SearchTarget): void {
  checkSearch(query.k, { efSearch: query.efSearch });
  checkQuery(query.vector, dim, space);
  const { exclude, filter, exactScores } = query;
  if (exclude !== undefined && Object.prototype.toString.call(exclude) !== '[object Int32Array]') {
    throw new IndexArgumentError('exclude', 'exclude must be an Int32Array.');
  }
  if (filter !== undefined && filter.index !== handle) {
    throw new IndexArgumentError(
      'filter',
      'The filter was made by another index; make it by the one that is searched.',
    );
  }
  if (exactScores === true && !keepsVectors) {
    throw new IndexArgumentError(
      'exactScores',
      "The index was made with float32 'dropped', so it has no exact scores; make it with 'kept'.",
    );
  }
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
