import { squaredNorm } from '../validate';
import type { SearchResult, Space } from '../vector-index';
import { TopK } from './top-k';

export interface SweptSearch {
  /** `[dim]`, finite, and not zero for `cosine`. */
  readonly query: Float32Array;
  readonly space: Space;
  /** How many rows were asked for, at least 1. */
  readonly k: number;
  /** The rows that were found, best first, each once; at most `k`. */
  readonly found: Int32Array;
}

/**
 * Judges one search by a look at every row that it could have returned. The rows come one by one, so that they need not be
 * in memory together. Scores are sums in double precision, rounded to float32 as those of the exact index.
 */
export class RecallSweep {
  readonly #nearest: TopK;
  readonly #places: ReadonlyMap<number, number>;
  /** `[found]`; −Infinity for rows that were worse than `k` others when they came. */
  readonly #foundScores: Float32Array;
  readonly #queryScale: number;
  #truth?: SearchResult;

  constructor(private readonly search: SweptSearch) {
    const { query, space, k, found } = search;
    this.#nearest = new TopK(k);
    this.#places = new Map(Array.from(found, (row, place) => [row, place]));
    this.#foundScores = new Float32Array(found.length).fill(-Infinity);
    this.#queryScale = space === 'cosine' ? 1 / Math.sqrt(squaredNorm(query, 0, query.length)) : 1;
  }

  /**
   * Takes one row into account; each comes once, in any order.
   * @param vectors holds the `dim` values of the row from `start` on
   */
  look(row: number, vectors: Float32Array, start: number): void {
    const score = Math.fround(this.#score(vectors, start));
    if (score < this.#nearest.threshold) return;
    this.#nearest.offer(row, score);
    const place = this.#places.get(row);
    if (place !== undefined) this.#foundScores[place] = score;
  }

  /**
   * The share of the true nearest rows among the first that were found; equal scores count as equal. No rows may come later.
   * @param depth 1 to `k`
   * @returns in [0, 1]; `undefined` where no row has come
   */
  recallAt(depth: number): number | undefined {
    const { scores } = (this.#truth ??= this.#nearest.drain());
    const wanted = Math.min(depth, scores.length);
    if (wanted === 0) return undefined;
    const last = scores[wanted - 1];
    const hits = this.#foundScores.subarray(0, depth).filter((score) => score >= last).length;
    return Math.min(hits, wanted) / wanted;
  }

  #score(vectors: Float32Array, start: number): number {
    const { query, space } = this.search;
    const dim = query.length;
    let sum = 0;
    if (space === 'l2') {
      for (let d = 0; d < dim; d++) sum -= (vectors[start + d] - query[d]) ** 2;
      return sum;
    }
    for (let d = 0; d < dim; d++) sum += vectors[start + d] * query[d];
    return space === 'ip' ? sum : (sum * this.#queryScale) / Math.sqrt(squaredNorm(vectors, start, dim));
  }
}
