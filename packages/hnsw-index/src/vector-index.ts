/** `cosine` and `ip` score by similarity, `l2` by the negative squared distance: the higher, the nearer, in all three. */
export type Space = 'cosine' | 'ip' | 'l2';

/** Neighbours, best first. */
export interface SearchResult {
  /** Rows of the indexed matrix. */
  readonly labels: Int32Array;
  /** Of the same length. Cosine in [-1, 1], inner product, or negative squared distance. */
  readonly scores: Float32Array;
}

export interface SearchOptions {
  /** Candidates held while the graph is searched, at least 1; the index raises it to `k`. Exact search ignores it. */
  readonly efSearch?: number;
  /** Rows that must not be returned. The result is filled up with the next best. */
  readonly exclude?: RowSet;
}

/** What a search asks of a set of rows; a `Set` is one. */
export type RowSet = Pick<ReadonlySet<number>, 'has' | 'size'>;

/** Finds the vectors that are nearest to a query. */
export interface VectorIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  /** Whether every search returns the true neighbours. */
  readonly isExact: boolean;
  /**
   * @param query `[dim]`, finite, and not zero for `cosine`
   * @param k at least 1; the result is shorter where fewer rows are left
   * @throws IndexArgumentError
   */
  search(query: Float32Array, k: number, options?: SearchOptions): SearchResult;
  /**
   * @param queries `[n, dim]`
   * @returns `n` results, in the order of the queries
   * @throws IndexArgumentError
   */
  searchBatch(queries: Float32Array, k: number, options?: SearchOptions): SearchResult[];
}
