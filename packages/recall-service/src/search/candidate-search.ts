import type { Cancellation, IndexQuery, IndexSnapshot, SearchResult } from '@vector-recall/hnsw-index';
import { RowSet } from '@vector-recall/item-catalogue';
import type { ServingData } from '../artifact/load-serving-data';
import type { RecallMonitor } from '../live-recall/recall-monitor';
import { concatenate } from '../rows';
import { applyRules } from '../rules/apply-rules';
import { ItemAttributes } from '../rules/item-attributes';
import type { ParsedRules } from '../rules/parse-rules';
import type { RulesOutcome } from '../rules/rules';

/** What candidates are searched for by, and which. */
export interface CandidateQuery {
  /** `[dim]`; without one the most popular items are taken. */
  readonly vector?: Float32Array;
  readonly topK: number;
  readonly efSearch?: number;
  /** Rows that must not be returned, some perhaps twice. */
  readonly exclude?: Int32Array;
  /** The only rows that may be returned; default all. */
  readonly allowed?: RowSet;
  readonly rules?: ParsedRules;
}

export interface FoundCandidates extends SearchResult {
  /** Of the query's rules; absent where it has none. */
  readonly rules?: RulesOutcome;
}

/** Finds candidates in the index, or among the most popular items, and applies the rules of each query. */
export class CandidateSearch {
  readonly #attributes: ItemAttributes;

  constructor(
    private readonly data: Pick<
      ServingData,
      'attributes' | 'candidates' | 'catalogue' | 'live' | 'monitor' | 'popularity'
    >,
  ) {
    this.#attributes = new ItemAttributes(data.attributes, data.live?.attributes);
  }

  /**
   * One result a query, in their order; the index is searched for all at once.
   * @throws the reason of `signal`
   */
  async find(
    queries: readonly CandidateQuery[],
    snapshot: IndexSnapshot,
    signal: Cancellation | undefined,
  ): Promise<FoundCandidates[]> {
    const pools = await this.#search(queries.map(poolOf), snapshot, signal, this.data.monitor);
    if (queries.every(({ rules }) => rules === undefined)) return pools;
    const promoted = await this.#findPromoted(queries, snapshot, signal);
    const sources = {
      attributes: this.#attributes,
      dim: this.data.candidates.dim,
      writeDirections: (rows: Int32Array, into: Int8Array) => snapshot.writeDirections(rows, into),
      now: Date.now() / 1000,
    };
    const results: FoundCandidates[] = [];
    for (const [i, { rules, topK }] of queries.entries()) {
      if (rules === undefined) {
        results.push(pools[i]);
        continue;
      }
      // A batch of rankings would hold up the event loop.
      if (results.length > 0) await new Promise(setImmediate);
      signal?.throwIfAborted();
      results.push(await applyRules({ found: pools[i], promoted: promoted.get(i), rules, topK }, sources));
    }
    return results;
  }

  /** The promoted items of the queries that name some, by their places: those that may be returned, with their scores. */
  async #findPromoted(
    queries: readonly CandidateQuery[],
    snapshot: IndexSnapshot,
    signal: Cancellation | undefined,
  ): Promise<ReadonlyMap<number, SearchResult>> {
    const { size } = this.data.catalogue.itemIds;
    const places: number[] = [];
    const narrowed: CandidateQuery[] = [];
    for (const [place, { rules, ...query }] of queries.entries()) {
      const rows = rules?.promoted.filter((row) => query.allowed?.has(row) !== false);
      if (rows === undefined || rows.length === 0) continue;
      places.push(place);
      narrowed.push({ ...query, topK: rows.length, allowed: RowSet.of(rows, size) });
    }
    const found = await this.#search(narrowed, snapshot, signal);
    return new Map(places.map((place, i) => [place, found[i]]));
  }

  /** @param monitor is offered the searches of the index */
  async #search(
    queries: readonly CandidateQuery[],
    snapshot: IndexSnapshot,
    signal: Cancellation | undefined,
    monitor?: RecallMonitor,
  ): Promise<SearchResult[]> {
    const byVector: IndexQuery[] = [];
    for (const { vector, topK: k, efSearch, allowed, exclude } of queries) {
      if (vector !== undefined) byVector.push({ vector, k, efSearch, allowed, exclude });
    }
    const found = byVector.length > 0 ? await snapshot.search(byVector, signal) : [];
    monitor?.offer(byVector, found, snapshot);
    let next = 0;
    return queries.map((query) => (query.vector === undefined ? this.#mostPopular(query) : found[next++]));
  }

  #mostPopular({ topK, exclude, allowed }: CandidateQuery): SearchResult {
    const { popularity, live } = this.data;
    return popularity.top(topK, concatenate([exclude, live?.goneRows]), allowed);
  }
}

/** The search for what the rules of a query choose from. */
function poolOf(query: CandidateQuery): CandidateQuery {
  return query.rules === undefined ? query : { ...query, topK: query.rules.pool };
}
