import { findAddon } from '../native/addon';
import { spaceNumber } from '../native/engine-options';
import { checkMatrix, squaredNorm } from '../validate';
import type { RowSet, SearchResult, Space } from '../vector-index';
import { ExactIndex } from './exact-index';

/**
 * A few thousand vectors that are added one by one and compared with every query: exact search without an index, for
 * what came after an index was built. Labels are places in the order of adding.
 */
export class ExactBlock {
  /** `[capacity, dim]` */
  readonly #vectors: Float32Array;
  readonly #inverseNorms: Float64Array;
  readonly #addon = findAddon();
  #size = 0;

  constructor(
    readonly capacity: number,
    readonly dim: number,
    readonly space: Space,
  ) {
    this.#vectors = new Float32Array(capacity * dim);
    this.#inverseNorms = new Float64Array(space === 'l2' ? 0 : capacity);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === this.capacity;
  }

  /**
   * @param vector `[dim]`, finite, and not zero for `cosine`
   * @returns its label
   * @throws IndexArgumentError; RangeError where the block is full
   */
  add(vector: Float32Array): number {
    if (this.isFull) throw new RangeError(`The block holds ${this.capacity} vectors and takes no more.`);
    checkMatrix('vector', vector, this.dim, this.space);
    const label = this.#size++;
    this.#vectors.set(vector, label * this.dim);
    if (this.space !== 'l2') this.#inverseNorms[label] = 1 / Math.sqrt(squaredNorm(vector, 0, this.dim));
    return label;
  }

  /** @returns `[dim]`, not to be written; the vector of a label in [0, size) */
  vectorAt(label: number): Float32Array {
    return this.#vectors.subarray(label * this.dim, (label + 1) * this.dim);
  }

  /**
   * On the calling thread.
   *
   * @param query `[dim]`, finite, and not zero for `cosine`
   * @param count the vectors that are looked at: the first so many
   */
  search(query: Float32Array, k: number, exclude: RowSet, count = this.#size): SearchResult {
    const wanted = Math.min(count, k + exclude.size);
    if (wanted === 0) return { labels: new Int32Array(0), scores: new Float32Array(0) };
    const found = this.#nearest(query, wanted, count);
    return exclude.size === 0 ? found : without(found, k, exclude);
  }

  #nearest(query: Float32Array, k: number, count: number): SearchResult {
    const { dim, space } = this;
    const vectors = this.#vectors.subarray(0, count * dim);
    if (this.#addon === undefined) return new ExactIndex(vectors, dim, space).search(query, k);
    const labels = new Int32Array(k);
    const scores = new Float32Array(k);
    const norms = this.#inverseNorms.subarray(0, space === 'l2' ? 0 : count);
    const kernels = this.#addon.listKernels()[0];
    this.#addon.searchExact(vectors, norms, spaceNumber(space), dim, query, k, 1, kernels, labels, scores);
    return { labels, scores };
  }
}

function without({ labels, scores }: SearchResult, k: number, exclude: RowSet): SearchResult {
  let kept = 0;
  for (let i = 0; i < labels.length && kept < k; i++) {
    if (exclude.has(labels[i])) continue;
    labels[kept] = labels[i];
    scores[kept++] = scores[i];
  }
  return { labels: labels.subarray(0, kept), scores: scores.subarray(0, kept) };
}
