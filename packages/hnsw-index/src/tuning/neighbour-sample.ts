import type { ConcurrentIndex } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import { checkMatrix } from '../validate';
import type { VectorIndex } from '../vector-index';

/** Queries searched at a time, so that the results of a large sample are never held all at once. */
const BLOCK = 256;

export interface RecallOptions {
  /** Default the index's own. */
  readonly efSearch?: number;
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
   * @param neighbours of each query the nearest rows, best first, `[n][depth]`
   */
  constructor(
    readonly queries: Float32Array,
    readonly dim: number,
    readonly neighbours: readonly Int32Array[],
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
   * @param truth an exact index
   * @param depth how many neighbours are found for each query: the longest list that will be measured
   * @throws IndexArgumentError also where `truth` is not exact
   */
  static of(truth: VectorIndex, queries: Float32Array, depth: number): NeighbourSample {
    if (!truth.isExact) {
      throw new IndexArgumentError('truth', 'Neighbours are only true where an exact index found them; give one.');
    }
    const found = truth.searchBatch(queries, depth);
    return new NeighbourSample(
      queries,
      truth.dim,
      found.map(({ labels }) => labels),
    );
  }

  /** How many queries there are. */
  get size(): number {
    return this.neighbours.length;
  }

  /** The longest list that can be measured. */
  get depth(): number {
    return Math.min(...this.neighbours.map(({ length }) => length));
  }

  /** Every second query, and the others. A sample of one query has no halves. */
  halves(): [NeighbourSample, NeighbourSample] {
    if (this.size < 2) {
      throw new IndexArgumentError('queries', 'The sample has one query, but it takes at least two to halve it.');
    }
    return [this.#every(0), this.#every(1)];
  }

  /**
   * The share of the true `k` nearest neighbours that an index finds.
   *
   * @param k from 1 to `depth`
   * @throws IndexArgumentError, or what the index throws
   */
  async recall(index: ConcurrentIndex, k: number, { efSearch, signal }: RecallOptions = {}): Promise<SampleRecall> {
    if (!Number.isInteger(k) || k < 1 || k > this.depth) {
      throw new IndexArgumentError('k', `k is ${k}, but it must be an integer from 1 to ${this.depth}.`);
    }
    checkMatrix('queries', this.queries, index.dim, index.space);
    const shares: number[] = [];
    for (let start = 0; start < this.size; start += BLOCK) {
      const rows = Array.from({ length: Math.min(BLOCK, this.size - start) }, (_, i) => start + i);
      const asked = rows.map((row) => ({ vector: this.#query(row), k, efSearch }));
      const found = await index.searchMany(asked, signal);
      rows.forEach((row, i) => shares.push(overlap(this.neighbours[row].subarray(0, k), found[i].labels) / k));
    }
    return summarise(shares);
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
    );
  }
}

function overlap(truth: Int32Array, found: Int32Array): number {
  const wanted = new Set(truth);
  return found.reduce((count, label) => (wanted.has(label) ? count + 1 : count), 0);
}

function summarise(shares: readonly number[]): SampleRecall {
  const { length } = shares;
  const mean = shares.reduce((sum, share) => sum + share, 0) / length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, standardError: length < 2 ? 0 : Math.sqrt(squares / (length - 1) / length) };
}
