import type { HierarchicalNSW } from 'hnswlib-node';
import { limitScores } from '../limit-scores';
import { checkMatrix, checkQuery, checkSearch } from '../validate';
import type { RowSet, SearchOptions, SearchResult, Space, VectorIndex } from '../vector-index';
import { buildGraph, type BuildOptions } from './build-graph';
import { estimateMemoryBytes } from './graph-layout';
import type { GraphMeta, SearchSettings } from './graph-meta';
import { loadGraph, saveGraph } from './graph-store';
import { writePoint } from './point';

type Facts = Pick<GraphMeta, 'space' | 'dim' | 'count' | 'm' | 'efConstruction' | 'efSearch'>;

/**
 * Approximate search in a hierarchical navigable small-world graph (Malkov and Yashunin 2018), by hnswlib.
 * Searches run on the calling thread, one after the other.
 */
export class HnswIndex implements VectorIndex {
  readonly isExact = false;
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  /** Links per node and layer; the ground layer has twice as many. */
  readonly m: number;
  readonly efConstruction: number;
  /** Used where a search does not say another. */
  readonly efSearch: number;
  readonly #graph: HierarchicalNSW;
  readonly #point: number[];

  private constructor(graph: HierarchicalNSW, facts: Facts) {
    this.#graph = graph;
    this.size = facts.count;
    this.dim = facts.dim;
    this.space = facts.space;
    this.m = facts.m;
    this.efConstruction = facts.efConstruction;
    this.efSearch = facts.efSearch;
    this.#point = new Array<number>(facts.dim).fill(0);
  }

  /**
   * Builds the graph in slices of a few milliseconds, between which the event loop runs.
   *
   * @param vectors `[size, dim]`, finite, no zero row for `cosine`; copied
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  static async build(vectors: Float32Array, dim: number, options: BuildOptions): Promise<HnswIndex> {
    const graph = await buildGraph(vectors, dim, options);
    const { m, efConstruction, efSearch } = options.config;
    const { space = 'cosine' } = options;
    return new HnswIndex(graph, { space, dim, count: vectors.length / dim, m, efConstruction, efSearch });
  }

  /**
   * @param folder holds `hnsw.bin` and `hnsw.meta.json`
   * @throws IndexFileError, IndexEngineError
   */
  static async load(folder: string): Promise<HnswIndex> {
    const { graph, meta } = await loadGraph(folder);
    return new HnswIndex(graph, meta);
  }

  /** Memory that the graph takes in this process, to within a few percent. */
  get memoryBytes(): number {
    return estimateMemoryBytes({ count: this.size, dim: this.dim, m: this.m });
  }

  /**
   * Writes `hnsw.bin`, which any hnswlib opens, and `hnsw.meta.json`. Not atomic: write into a folder that nobody reads.
   * @param settings how the graph is to be searched from then on; as now by default
   * @throws IndexFileError
   */
  async save(folder: string, settings: SearchSettings = { efSearch: this.efSearch }): Promise<void> {
    const { space, dim, size: count, m, efConstruction } = this;
    const facts = { space, dim, count, m, efConstruction, ...settings };
    await saveGraph(folder, (file) => this.#graph.writeIndex(file), facts);
  }

  search(query: Float32Array, k: number, options?: SearchOptions): SearchResult {
    checkSearch(k, options);
    checkQuery(query, this.dim, this.space);
    return this.#searchAt(query, 0, k, options);
  }

  searchBatch(queries: Float32Array, k: number, options?: SearchOptions): SearchResult[] {
    checkSearch(k, options);
    const count = checkMatrix('queries', queries, this.dim, this.space);
    return Array.from({ length: count }, (_, i) => this.#searchAt(queries, i * this.dim, k, options));
  }

  #searchAt(queries: Float32Array, start: number, k: number, options: SearchOptions | undefined): SearchResult {
    writePoint(this.#point, queries, start, this.space);
    this.#graph.setEf(options?.efSearch ?? this.efSearch);
    const limit = Math.min(k, this.size);
    const exclude = options?.exclude;
    if (exclude === undefined || exclude.size === 0) return this.#collect(this.#nearest(limit), limit);
    return this.#searchAllowed(limit, exclude);
  }

  /**
   * Asks for more than `limit` and drops what is excluded: hnswlib's own filter calls back into JavaScript for every
   * element that it looks at. Few excluded rows are near the query as a rule, so the first try seldom has to grow.
   */
  #searchAllowed(limit: number, exclude: RowSet): SearchResult {
    let wanted = Math.min(this.size, limit + Math.min(exclude.size, limit));
    for (;;) {
      const found = this.#nearest(wanted);
      const result = this.#collect(found, limit, exclude);
      // With fewer found than wanted the search has seen every node it can reach; a wider one would see the same.
      const isAll = found.neighbors.length < wanted || wanted === this.size;
      if (result.labels.length === limit || isAll) return result;
      wanted = Math.min(this.size, wanted * 2);
    }
  }

  #nearest(k: number): { neighbors: number[]; distances: number[] } {
    return this.#graph.searchKnn(this.#point, k);
  }

  #collect(
    { neighbors, distances }: { neighbors: number[]; distances: number[] },
    limit: number,
    exclude?: RowSet,
  ): SearchResult {
    const labels = new Int32Array(Math.min(limit, neighbors.length));
    const scores = new Float32Array(labels.length);
    let kept = 0;
    for (let i = 0; i < neighbors.length && kept < limit; i++) {
      if (exclude?.has(neighbors[i]) === true) continue;
      labels[kept] = neighbors[i];
      // hnswlib measures cosine and inner product as 1 - similarity.
      scores[kept++] = this.space === 'l2' ? -distances[i] : 1 - distances[i];
    }
    return { labels: labels.subarray(0, kept), scores: limitScores(scores.subarray(0, kept), this.space) };
  }
}
