import type { ConcurrentIndex } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import type { ExactIndex } from '../exact/exact-index';
import { countTrue, type RowScorer } from '../measure-recall';
import { checkMatrix } from '../validate';
import type { SearchResult } from '../vector-index';

/** Queries searched at a time, so that the results of a large sample are never held all at once. */
const BLOCK = 256;

export interface RecallOptions {
  /** Default the index's own. */
  readonly efSearch?: number;
  /** Ranks by float32, as `IndexQuery` says. Default false. */
  readonly exactScores?: boolean;
  readonly signal?: AbortSignal;
}

/** Recall over the queries of a sample. */
export interface SampleRecall {
  /** In [0, 1]. */
  readonly mean: number;
  /** Of the mean, over queries. */
  readonly standardError: number;
}

/** Queries together with their true neighbours: what an approximate index is measured against. */
export class NeighbourSample {
  /**
   * @param queries `[n, dim]`
   * @param neighbours of each query the nearest rows and their scores, best first, `[n][depth]`
   * @param scorer tells whether another row is as near as the last of them
   */
  constructor(
    readonly queries: Float32Array,
    readonly dim: number,
    readonly neighbours: readonly SearchResult[],
    private readonly scorer: RowScorer,
  ) {
    if (neighbours.length === 0 || queries.length !== neighbours.length * dim) {
      throw new IndexArgumentError(
        'neighbours',
        `There are neighbours of ${neighbours.length} queries, but ${queries.length / dim} queries of ${dim} ` +
          'dimensions; give at least one query, and the neighbours of each.',
      );
    }
  }

  /**
   * @param depth how many neighbours are found for each query: the longest list that will be measured
   * @throws IndexArgumentError
   */
  static of(truth: ExactIndex, queries: Float32Array, depth: number): NeighbourSample {
    return new NeighbourSample(queries, truth.dim, truth.searchBatch(queries, depth), truth);
  }

  /** How many queries there are. */
  get size(): number {
    return this.neighbours.length;
  }

  /** The longest list that can be measured. */
  get depth(): number {
    return Math.min(...this.neighbours.map(({ labels }) => labels.length));
  }

  /** Every second query, and the others. A sample of one query has no halves. */
  halves(): [NeighbourSample, NeighbourSample] {
    if (this.size < 2) {
      throw new IndexArgumentError('queries', 'The sample has one query, but it takes at least two to halve it.');
    }
    return [this.#every(0), this.#every(1)];
  }

  /**
   * The share of the true `k` nearest neighbours that an index finds; equal scores count as equal.
   *
   * @param k from 1 to `depth`
   * @throws IndexArgumentError, or what the index throws
   */
  async recall(
    index: ConcurrentIndex,
    k: number,
    { efSearch, exactScores, signal }: RecallOptions = {},
  ): Promise<SampleRecall> {
    if (!Number.isInteger(k) || k < 1 || k > this.depth) {
      throw new IndexArgumentError('k', `k is ${k}, but it must be an integer from 1 to ${this.depth}.`);
    }
    checkMatrix('queries', this.queries, index.dim, index.space);
    const shares: number[] = [];
    for (let start = 0; start < this.size; start += BLOCK) {
      const rows = Array.from({ length: Math.min(BLOCK, this.size - start) }, (_, i) => start + i);
      const asked = rows.map((row) => ({ vector: this.#query(row), k, efSearch, exactScores }));
      const found = await index.searchMany(asked, signal);
      rows.forEach((row, i) => shares.push(this.#countTrue(row, k, found[i].labels) / k));
    }
    return summarise(shares);
  }

  #countTrue(row: number, k: number, found: Int32Array): number {
    const { labels, scores } = this.neighbours[row];
    const nearest = { labels: labels.subarray(0, k), scores: scores.subarray(0, k) };
    return countTrue(this.#query(row), nearest, found, this.scorer);
  }

  #query(row: number): Float32Array {
    return this.queries.subarray(row * this.dim, (row + 1) * this.dim);
  }

  #every(first: number): NeighbourSample {
    const rows = Array.from({ length: Math.ceil((this.size - first) / 2) }, (_, i) => first + 2 * i);
    const queries = new Float32Array(rows.length * this.dim);
    rows.forEach((row, i) => {
      queries.set(this.#query(row), i * this.dim);
    });
    return new NeighbourSample(
      queries,
      this.dim,
      rows.map((row) => this.neighbours[row]),
      this.scorer,
    );
  }
}

function summarise(shares: readonly number[]): SampleRecall {
  const { length } = shares;
  const mean = shares.reduce((sum, share) => sum + share, 0) / length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, standardError: length < 2 ? 0 : Math.sqrt(squares / (length - 1) / length) };
}
