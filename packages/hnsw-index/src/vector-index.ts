/** `cosine` and `ip` score by similarity, `l2` by the negative squared distance: the higher, the nearer, in all three. */
export type Space = 'cosine' | 'ip' | 'l2';

/** Neighbours, best first. */
export interface SearchResult {
  /** Rows of the indexed matrix. */
  readonly labels: Int32Array;
  /** Of the same length. Cosine in [-1, 1], inner product, or negative squared distance. */
  readonly scores: Float32Array;
  /** How the rows were found, where the index chooses by the rows that a query allows. */
  readonly plan?: SearchPlan;
}

export interface SearchOptions {
  /** Candidates held while the graph is searched, at least 1; the index raises it to `k`. Exact search ignores it. */
  readonly efSearch?: number;
  /** Rows that must not be returned. The result is filled up with the next best. */
  readonly exclude?: RowSet;
}

/**
 * `graph`: through the graph. `scan`: by a look at every row that is allowed. `groups`: by a look at those that are allowed
 * in the groups of rows nearest to the query. In the order of the engine's numbers.
 */
export const searchPlans = ['graph', 'scan', 'groups'] as const;
export type SearchPlan = (typeof searchPlans)[number];

/** A set of rows of [0, rowCount) as bits: that of row `r` is bit `r % 32` of word `r / 32`. Must not change. */
export interface RowBits {
  readonly words: Uint32Array;
  readonly rowCount: number;
  /** Rows in the set. */
  readonly size: number;
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
