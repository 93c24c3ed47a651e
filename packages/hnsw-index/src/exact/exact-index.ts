import { limitScores } from '../limit-scores';
import { findAddon, type Addon } from '../native/addon';
import { checkMatrix, checkQuery, checkSearch, checkSpace, squaredNorm } from '../validate';
import type { RowSet, SearchOptions, SearchResult, Space, VectorIndex } from '../vector-index';
import { innerProducts, LANES, negativeSquaredDistances, type Kernel } from './kernels';
import { fitsNative, searchNatively, type ExactRows } from './native-search';
import { TopK } from './top-k';

/** Rows scored before the heaps look at them: their scores, 8 × 1024 doubles, stay in the second-level cache. */
const ROW_BLOCK = 1024;

/**
 * Compares a query with every vector: the yardstick of the other indexes, and fast enough up to a few ten thousand
 * vectors. Scores are sums in double precision; of equal scores the lower row comes first. The native engine, where it
 * is there, computes the same on all threads.
 */
export class ExactIndex implements VectorIndex {
  readonly size: number;
  readonly isExact = true;
  readonly #rows: ExactRows;
  readonly #kernel: Kernel;
  readonly #addon: Addon | undefined;

  /**
   * @param vectors `[size, dim]`, finite, no zero row for `cosine`; kept, not copied, so don't write into it
   * @param options `native: false` leaves the native engine out, for comparison
   * @throws IndexArgumentError
   */
  constructor(
    vectors: Float32Array,
    readonly dim: number,
    readonly space: Space = 'cosine',
    { native = true }: { readonly native?: boolean } = {},
  ) {
    checkSpace(space);
    this.size = checkMatrix('vectors', vectors, dim, space);
    this.#kernel = space === 'l2' ? negativeSquaredDistances : innerProducts;
    this.#addon = native ? findAddon() : undefined;
    const inverseNorms = new Float64Array(space === 'l2' ? 0 : this.size);
    for (let row = 0; row < inverseNorms.length; row++) {
      inverseNorms[row] = 1 / Math.sqrt(squaredNorm(vectors, row * dim, dim));
    }
    this.#rows = { vectors, dim, size: this.size, space, inverseNorms };
  }

  search(query: Float32Array, k: number, options?: SearchOptions): SearchResult {
    checkQuery(query, this.dim, this.space);
    return this.searchBatch(query, k, options)[0];
  }

  searchBatch(queries: Float32Array, k: number, options?: SearchOptions): SearchResult[] {
    checkSearch(k, options);
    const count = checkMatrix('queries', queries, this.dim, this.space);
    const exclude = options?.exclude;
    if (this.#addon && fitsNative(this.#rows, k, exclude)) {
      return searchNatively(this.#addon, this.#rows, queries, k, exclude);
    }
    const results: SearchResult[] = [];
    for (let first = 0; first < count; first += LANES) {
      results.push(...this.#searchLanes(queries, first, Math.min(LANES, count - first), k, exclude));
    }
    return results;
  }

  /**
   * The scores of some rows for one query, as a search would give them.
   * @param query `[dim]`, checked by whoever has searched for it
   * @param labels rows of the index
   */
  scoreRows(query: Float32Array, labels: Iterable<number>): Float32Array {
    const { vectors, inverseNorms } = this.#rows;
    const { dim, space } = this;
    const scale = space === 'cosine' ? 1 / Math.sqrt(squaredNorm(query, 0, dim)) : 1;
    const scores = Float32Array.from(labels, (row) => {
      let sum = 0;
      for (let d = 0, at = row * dim; d < dim; d++, at++) {
        sum += space === 'l2' ? -((vectors[at] - query[d]) ** 2) : vectors[at] * (query[d] * scale);
      }
      return space === 'cosine' ? sum * inverseNorms[row] : sum;
    });
    return limitScores(scores, space);
  }

  #searchLanes(
    queries: Float32Array,
    first: number,
    lanes: number,
    k: number,
    exclude: RowSet | undefined,
  ): SearchResult[] {
    const sideBySide = this.#interleave(queries, first, lanes);
    const heaps = Array.from({ length: lanes }, () => new TopK(Math.min(k, this.size)));
    const scores = new Float64Array(LANES * ROW_BLOCK);
    for (let start = 0; start < this.size; start += ROW_BLOCK) {
      const end = Math.min(start + ROW_BLOCK, this.size);
      this.#kernel(this.#rows.vectors, sideBySide, this.dim, start, end, scores);
      for (let lane = 0; lane < lanes; lane++) {
        this.#offerBlock(
          heaps[lane],
          scores.subarray(lane * (end - start), (lane + 1) * (end - start)),
          start,
          exclude,
        );
      }
    }
    return heaps.map((heap) => {
      const { labels, scores: found } = heap.drain();
      return { labels, scores: limitScores(found, this.space) };
    });
  }

  /** @returns `[dim, LANES]`, for `cosine` of length one; lanes without a query are zero */
  #interleave(queries: Float32Array, first: number, lanes: number): Float64Array {
    const { dim } = this;
    const out = new Float64Array(dim * LANES);
    for (let lane = 0; lane < lanes; lane++) {
      const start = (first + lane) * dim;
      const scale = this.space === 'cosine' ? 1 / Math.sqrt(squaredNorm(queries, start, dim)) : 1;
      for (let d = 0; d < dim; d++) out[d * LANES + lane] = queries[start + d] * scale;
    }
    return out;
  }

  #offerBlock(heap: TopK, scores: Float64Array, start: number, exclude: RowSet | undefined): void {
    const inverseNorms = this.space === 'cosine' ? this.#rows.inverseNorms : undefined;
    let threshold = heap.threshold;
    for (let i = 0; i < scores.length; i++) {
      const row = start + i;
      const score = inverseNorms === undefined ? scores[i] : scores[i] * inverseNorms[row];
      // Rows come in ascending order, so a later row that ties with the worst one kept never gets in.
      if (score <= threshold || exclude?.has(row) === true) continue;
      heap.offer(row, score);
      threshold = heap.threshold;
    }
  }
}
