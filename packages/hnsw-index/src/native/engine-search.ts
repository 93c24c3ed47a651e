import { InFlight } from '@vector-recall/threads';
import type { Cancellation } from '../cancellation';
import type { IndexQuery } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import { checkAllowed, checkQuery, checkSearch } from '../validate';
import { searchPlans, type RowBits, type SearchResult, type Space } from '../vector-index';
import { loadAddon, type FilterHandle, type IndexHandle } from './addon';
import { engineError } from './engine-errors';

/** Rows that searches of one index may return, made by its `filter`. */
export class RowFilter {
  constructor(
    /** For the search that uses it. */
    readonly handle: FilterHandle,
    readonly index: IndexHandle,
  ) {}
}

export interface EngineQuery extends IndexQuery {
  /** Takes the place of `allowed`. Narrows the rows that may be returned, before `exclude` does. Shared by any number of queries. */
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

interface StartedSearch {
  /** The engine writes it and holds no reference. */
  readonly results: ArrayBuffer;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Searches of one index on the engine's threads. */
export class EngineSearches {
  readonly #underWay = new InFlight();
  /**
   * By number. Not a Map, which leaves its table behind whenever it grows or shrinks, with a pointer to the next: once one
   * of them has grown old, what stands in all later ones is kept until the next collection of the whole heap.
   */
  readonly #started: (StartedSearch | undefined)[] = [];
  readonly #freeNumbers: number[] = [];

  constructor(private readonly target: SearchTarget) {
    const started = this.#started;
    // Not `this`, which the engine would keep alive: an index that nobody holds is collected.
    loadAddon().onSearchDone(target.handle, (number, failure) => {
      if (failure === undefined) started[number]?.resolve();
      else started[number]?.reject(engineError(failure));
    });
  }

  /** Resolves when no search is under way. */
  async idle(): Promise<void> {
    await this.#underWay.idle();
  }

  /** @throws IndexArgumentError, or the reason of `signal` */
  async run(queries: readonly EngineQuery[], signal: Cancellation | undefined): Promise<SearchResult[]> {
    const { handle } = this.target;
    const { vectors, plans, excluded, filters, room, results } = pack(this.target, queries);
    const number = this.#freeNumbers.pop() ?? this.#started.length;
    const done = new Promise<void>((resolve, reject) => (this.#started[number] = { results, resolve, reject }));
    this.#underWay.begin();
    const addon = loadAddon();
    const cancel = (): void => {
      addon.cancelSearch(handle, number);
    };
    try {
      signal?.addEventListener('abort', cancel);
      // Nothing from here on may throw before the search is done: the engine writes the results until then.
      addon.startSearch(handle, vectors, plans, queries.length, excluded, filters, results, number);
      await done;
    } finally {
      this.#started[number] = undefined;
      this.#freeNumbers.push(number);
      this.#underWay.end();
      signal?.removeEventListener('abort', cancel);
    }
    signal?.throwIfAborted();
    return unpack(queries, results, room, this.target.size);
  }
}

/** Searches on the calling thread. */
export function searchNativeSync(target: SearchTarget, query: EngineQuery): SearchResult {
  const queries = [query];
  const { vectors, plans, excluded, filters, room, results } = pack(target, queries);
  try {
    loadAddon().searchNow(target.handle, vectors, plans, 1, excluded, filters, results);
  } catch (cause) {
    throw engineError(cause);
  }
  return unpack(queries, results, room, target.size)[0];
}

/** Queries as the addon takes them, and room for what it finds. */
interface PackedQueries {
  /** `[n, dim]` */
  readonly vectors: Float32Array;
  /** At least `[n, 4]`: k, efSearch, excluded rows, whether scores are exact. Of the last call only. */
  readonly plans: Uint32Array;
  readonly excluded: Int32Array;
  readonly filters: readonly (FilterHandle | null)[] | null;
  /** Σ k */
  readonly room: number;
  /** Labels int32 `[Σ k]`, scores float32 `[Σ k]`, how many rows were found and the plan that found them int32 `[n]`. */
  readonly results: ArrayBuffer;
}

/** The engine reads the plans before it returns: one array for all searches saves making one for each. */
let allPlans = new Uint32Array(4 * 64);

/** @throws IndexArgumentError */
function pack(target: SearchTarget, queries: readonly EngineQuery[]): PackedQueries {
  const { size, efSearch } = target;
  if (allPlans.length < queries.length * 4) allPlans = new Uint32Array(queries.length * 4);
  const plans = allPlans;
  let room = 0;
  let at = 0;
  let hasFilter = false;
  for (const query of queries) {
    checkEngineQuery(query, target);
    const found = Math.min(query.k, size);
    room += found;
    plans[at++] = found;
    plans[at++] = query.efSearch ?? efSearch;
    plans[at++] = query.exclude?.length ?? 0;
    plans[at++] = query.exactScores === true ? 1 : 0;
    hasFilter ||= query.filter !== undefined || query.allowed !== undefined;
  }
  return {
    vectors: vectorsOf(queries, target.dim),
    plans,
    excluded: excludedBy(queries),
    filters: hasFilter ? queries.map(({ filter, allowed }) => filter?.handle ?? handleOf(allowed, target)) : null,
    room,
    results: new ArrayBuffer(2 * (room + queries.length) * 4),
  };
}

function unpack(queries: readonly EngineQuery[], results: ArrayBuffer, room: number, size: number): SearchResult[] {
  const found = new Int32Array(results, 2 * room * 4);
  let start = 0;
  return queries.map(({ k, filter, allowed }, i) => {
    const labels = new Int32Array(results, start * 4, found[i]);
    const scores = new Float32Array(results, (room + start) * 4, found[i]);
    start += Math.min(k, size);
    // Only where a filter was given: a result of one shape is made faster.
    if (filter === undefined && allowed === undefined) return { labels, scores };
    return { labels, scores, plan: searchPlans[found[queries.length + i]] };
  });
}

/** Filters made of sets of rows, for each index: one that many queries share is made once. */
const handles = new WeakMap<IndexHandle, WeakMap<RowBits, FilterHandle>>();

function handleOf(allowed: RowBits | undefined, { handle: index, size }: SearchTarget): FilterHandle | null {
  if (allowed === undefined) return null;
  const ofIndex = handles.get(index) ?? new WeakMap<RowBits, FilterHandle>();
  handles.set(index, ofIndex);
  const known = ofIndex.get(allowed);
  if (known !== undefined) return known;
  const { words } = allowed;
  const bytes = new Uint8Array(words.byteLength);
  bytes.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  const handle = loadAddon().makeFilterOfBits(size, bytes.buffer);
  ofIndex.set(allowed, handle);
  return handle;
}

function checkEngineQuery(query: EngineQuery, { handle, size, dim, space, keepsVectors }: SearchTarget): void {
  checkSearch(query.k, { efSearch: query.efSearch });
  checkQuery(query.vector, dim, space);
  const { exclude, filter, allowed, exactScores } = query;
  if (allowed !== undefined) checkAllowed(allowed, size);
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

/** `[n, dim]`; of one query its own. */
function vectorsOf(queries: readonly EngineQuery[], dim: number): Float32Array {
  if (queries.length === 1) return queries[0].vector;
  const all = new Float32Array(queries.length * dim);
  queries.forEach(({ vector }, i) => {
    all.set(vector, i * dim);
  });
  return all;
}

const noRows = new Int32Array(0);

/** One after the other; of one query its own. */
function excludedBy(queries: readonly EngineQuery[]): Int32Array {
  if (queries.length === 1) return queries[0].exclude ?? noRows;
  const all = new Int32Array(queries.reduce((sum, { exclude }) => sum + (exclude?.length ?? 0), 0));
  let at = 0;
  for (const { exclude } of queries) {
    if (exclude === undefined) continue;
    all.set(exclude, at);
    at += exclude.length;
  }
  return all;
}
