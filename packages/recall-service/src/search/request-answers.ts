import type { Cancellation } from '@vector-recall/hnsw-index';
import type { ServingData } from '../artifact/load-serving-data';
import { hasExamples, withExamples } from '../encoding/examples';
import { storedHistory } from '../encoding/user-batch';
import type { UserVector, UserVectors } from '../encoding/user-vectors';
import { RecallRequestError } from '../errors';
import { sourceOf } from '../inputs';
import type { CallOptions, RecallResult, RecallTimings, ScoredItems } from '../recall';
import type { ParsedRequest, ParsedShown } from '../request/request-parser';
import { resolveId } from '../request/resolve-id';
import { concatenate, idsAt } from '../rows';
import type { ShownItems } from '../shown/shown-items';
import type { CandidateQuery, CandidateSearch, FoundCandidates } from './candidate-search';

/** Answers requests that are in rows: what each is searched by, the search for all at once, and results with ids. */
export class RequestAnswers {
  constructor(
    private readonly data: Pick<ServingData, 'candidates' | 'catalogue'>,
    private readonly userVectors: UserVectors,
    private readonly candidates: CandidateSearch,
    private readonly shown: ShownItems,
  ) {}

  /** One result a request, or what is wrong with a request that shows only once it is encoded. */
  async answer(
    requests: readonly ParsedRequest[],
    start: number,
    { signal }: CallOptions,
  ): Promise<(RecallResult | RecallRequestError)[]> {
    const encodeStart = performance.now();
    const vectors = await this.userVectors.of(requests, signal);
    const searchStart = performance.now();
    const { found, searchedBy } = await this.#search(requests, vectors, signal);
    const searchMs = performance.now() - searchStart;
    let nextFound = 0;
    return requests.map((request, i) => {
      const { isEncoded } = vectors[i];
      const vector = searchedBy[i];
      if (vector === 'unusable') return unusableFeatures(requests.length > 1 ? i : undefined);
      if (vector === 'cancelled') return cancelledExamples(requests.length > 1 ? i : undefined);
      const encodeMs = isEncoded ? searchStart - encodeStart : 0;
      const timings = timingsOf(start, encodeMs, vector === undefined ? 0 : searchMs);
      const { unknownHistoryItems, matches } = request;
      const scored = this.scoredItems(found[nextFound++], timings, matches);
      return { ...scored, source: sourceOf(request, vector), unknownHistoryItems };
    });
  }

  /** What each request is searched by, and one result for each that can be answered. */
  async #search(
    requests: readonly ParsedRequest[],
    vectors: readonly UserVector[],
    signal: Cancellation | undefined,
  ): Promise<{ found: FoundCandidates[]; searchedBy: (UserVector['vector'] | 'cancelled')[] }> {
    const queries: CandidateQuery[] = [];
    const searchedBy: (UserVector['vector'] | 'cancelled')[] = [];
    const snapshot = this.data.candidates.lease();
    try {
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i];
        const { vector: own } = vectors[i];
        const { space } = this.data.candidates;
        const vector =
          own !== 'unusable' && hasExamples(request) ? await withExamples(own, request, snapshot, space) : own;
        searchedBy.push(vector);
        if (vector === 'unusable' || vector === 'cancelled') continue;
        const { topK, efSearch, allowed, rules } = request;
        queries.push({ vector, topK, efSearch, allowed, rules, exclude: this.#excludedBy(request) });
      }
      return { found: await this.candidates.find(queries, snapshot, signal), searchedBy };
    } finally {
      snapshot.release();
    }
  }

  /** Rows, some perhaps twice; `undefined` where nothing is excluded. */
  #excludedBy({ userRow, history, exclude, unwanted, shown, excludeSeen }: ParsedRequest): Int32Array | undefined {
    const seen = excludeSeen ? [storedHistory(this.data.catalogue, userRow).rows, history] : [];
    return concatenate([...seen, exclude, unwanted, shown && this.#rowsShown(shown)]);
  }

  /** Keeps what the user has just been shown, and looks up what counts. By ids: rows are those of one model. */
  #rowsShown({ userId, rows, seconds }: ParsedShown): Int32Array {
    const { itemIds } = this.data.catalogue;
    const now = Date.now() / 1000;
    this.shown.add(userId, idsAt(itemIds, rows), now);
    if (seconds === 0) return new Int32Array(0);
    const found = this.shown.within(userId, seconds, now).map((id) => resolveId(itemIds, id));
    return Int32Array.from(found.filter((row) => row !== undefined));
  }

  /** With ids in place of rows, and what a filter and rules did. */
  scoredItems(
    { labels, scores, plan, rules }: FoundCandidates,
    timings: RecallTimings,
    matches: number | undefined,
  ): ScoredItems {
    const itemIds = idsAt(this.data.catalogue.itemIds, labels);
    const scored = { itemIds, scores, latencyMs: timings.totalMicros / 1000, timings };
    // Only where they were given: results of one shape are made faster.
    if (matches === undefined && rules === undefined) return scored;
    const filter = matches === undefined ? {} : { filter: { matches, plan } };
    return { ...scored, ...filter, ...(rules && { rules }) };
  }
}

export function unusableFeatures(entry: number | undefined): RecallRequestError {
  return new RecallRequestError(
    'features',
    (names) =>
      `The model makes no vector of these ${names.of('features')} and this ${names.of('history')}; send values in the unit of the training data.`,
    entry,
  );
}

function cancelledExamples(entry: number | undefined): RecallRequestError {
  return new RecallRequestError(
    'negativeItemIds',
    (names) => `${names.of('negativeItemIds')} leave nothing to search by; name fewer of them.`,
    entry,
  );
}

export function timingsOf(start: number, encodeMs: number, searchMs: number): RecallTimings {
  return {
    encodeMicros: Math.round(encodeMs * 1000),
    searchMicros: Math.round(searchMs * 1000),
    totalMicros: Math.round((performance.now() - start) * 1000),
  };
}
