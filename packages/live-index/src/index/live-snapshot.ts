import type {
  Cancellation,
  CandidateResult,
  IndexQuery,
  IndexSnapshot,
  ItemVector,
  SearchResult,
  SnapshotVectors,
} from '@vector-recall/hnsw-index';
import type { BlockView } from './block-part';
import type { GraphView } from './graph-part';

export interface SnapshotParts {
  readonly itemCount: number;
  /** The base first. */
  readonly graphs: readonly GraphView[];
  readonly blocks: readonly BlockView[];
  readonly vectorOf: (row: number) => Promise<Float32Array | undefined>;
  readonly writeDirections: (rows: Int32Array, into: Int8Array) => Promise<void>;
}

/** All parts of a living index at one moment. They are let go of when it is replaced and its last lease has ended. */
export class LiveSnapshot implements IndexSnapshot {
  #leases = 0;
  #isReplaced = false;

  constructor(
    private readonly parts: SnapshotParts,
    /** Told when a part could not be closed. */
    private readonly onProblem: (error: unknown) => void,
  ) {
    for (const { part } of parts.graphs) part.hold();
  }

  get #efSearch(): number {
    return this.parts.graphs[0].part.index.efSearch;
  }

  get itemCount(): number {
    return this.parts.itemCount;
  }

  lease(): this {
    this.#leases++;
    return this;
  }

  release(): void {
    this.#leases--;
    this.#letGoUnused();
  }

  replaced(): void {
    this.#isReplaced = true;
    this.#letGoUnused();
  }

  vectorOf(row: number): Promise<Float32Array | undefined> {
    return this.parts.vectorOf(row);
  }

  writeDirections(rows: Int32Array, into: Int8Array): Promise<void> {
    return this.parts.writeDirections(rows, into);
  }

  vectors(): SnapshotVectors {
    const { graphs, blocks } = this.parts;
    const changed = function* (): Generator<ItemVector> {
      for (const part of [...graphs, ...blocks]) yield* part.changedRows();
    };
    // Only a base holds vectors that were never changed.
    return { stored: graphs[0].storedRows(), changed: changed() };
  }

  async search(queries: readonly IndexQuery[], signal?: Cancellation): Promise<CandidateResult[]> {
    const { graphs, blocks } = this.parts;
    if (graphs.length === 1 && blocks.length === 0) return graphs[0].search(queries, signal);
    signal?.throwIfAborted();
    const shares = [...graphs, ...blocks].map(({ living }, part) =>
      // Of the base, all is asked for: most of what is nearest lies there.
      part === 0 ? queries : queries.map((query) => shareOf(query, living / this.itemCount, this.#efSearch)),
    );
    // Graphs are searched by other threads while this one compares with the blocks.
    const fromGraphs = Promise.all(graphs.map((graph, part) => graph.search(shares[part], signal)));
    const fromBlocks = blocks.map((block, i) => shares[graphs.length + i].map((query) => block.search(query)));
    const lists = [...(await fromGraphs), ...fromBlocks];
    const merged = queries.map(({ k }, i) => this.#mergedOf(lists, i, k));
    const again = shares.map((asked, part) =>
      queries.flatMap((query, i) => (mayHaveMore(asked[i], query, lists[part][i], merged[i]) ? [i] : [])),
    );
    await Promise.all(
      again.map(async (places, part) => {
        const more = await this.#searchPart(
          part,
          places.map((i) => queries[i]),
          signal,
        );
        for (const [n, i] of places.entries()) lists[part][i] = more[n];
      }),
    );
    const completed = new Set(again.flat());
    return merged.map((result, i) => (completed.has(i) ? this.#mergedOf(lists, i, queries[i].k) : result));
  }

  /** What the base did is told: the other parts are small. */
  #mergedOf(lists: readonly (readonly SearchResult[])[], query: number, k: number): CandidateResult {
    const results = lists.map((list) => list[query]);
    return { ...mergeResults(results, k), plan: results[0].plan };
  }

  async #searchPart(
    part: number,
    queries: readonly IndexQuery[],
    signal: Cancellation | undefined,
  ): Promise<readonly SearchResult[]> {
    const { graphs, blocks } = this.parts;
    if (queries.length === 0) return [];
    if (part < graphs.length) return graphs[part].search(queries, signal);
    return queries.map((query) => blocks[part - graphs.length].search(query));
  }

  #letGoUnused(): void {
    if (!this.#isReplaced || this.#leases > 0) return;
    for (const { part } of this.parts.graphs) part.letGo().catch(this.onProblem);
  }
}

/** What a part of a thousandth of the items is asked for. */
const LEAST_SHARE = 32;

/** How many times its share of the items a part is asked for: changes come together, as the items of a season do. */
const SPARE = 2;

/**
 * What a part beside the base is asked for first: a few times its share of the items. Where a query says which rows are
 * allowed, nobody knows how many of them are in a part, and all is asked for.
 */
function shareOf(query: IndexQuery, share: number, efSearch: number): IndexQuery {
  const k = LEAST_SHARE + Math.ceil(SPARE * share * query.k);
  if (query.allowed !== undefined || k >= query.k) return query;
  const ef = query.efSearch ?? efSearch;
  return { ...query, k, efSearch: Math.min(ef, Math.max(2 * k, Math.ceil((ef * k) / query.k))) };
}

/** Whether a part that was asked for its share may have more of what the query wants: all that it gave is among the best. */
function mayHaveMore(asked: IndexQuery, { k }: IndexQuery, given: SearchResult, merged: SearchResult): boolean {
  if (asked.k === k || given.labels.length < asked.k) return false;
  return merged.labels.length < k || given.scores[asked.k - 1] >= merged.scores[k - 1];
}

/** The best of several results, each best first; of equal scores the earlier list's comes first. */
export function mergeResults(lists: readonly SearchResult[], k: number): SearchResult {
  const filled = lists.filter(({ labels }) => labels.length > 0);
  if (filled.length === 1) return { labels: filled[0].labels.subarray(0, k), scores: filled[0].scores.subarray(0, k) };
  const next = new Int32Array(filled.length);
  const size = Math.min(
    k,
    filled.reduce((sum, { labels }) => sum + labels.length, 0),
  );
  const labels = new Int32Array(size);
  const scores = new Float32Array(size);
  for (let place = 0; place < size; place++) {
    let best = -1;
    let bestScore = -Infinity;
    for (let list = 0; list < filled.length; list++) {
      const score = next[list] < filled[list].scores.length ? filled[list].scores[next[list]] : Number.NaN;
      if (score > bestScore || (best === -1 && !Number.isNaN(score))) {
        best = list;
        bestScore = score;
      }
    }
    labels[place] = filled[best].labels[next[best]];
    scores[place] = bestScore;
    next[best]++;
  }
  return { labels, scores };
}
