import type { Cancellation } from './cancellation';
import type { SearchResult, Space } from './vector-index';

/** One query among several that are searched together. */
export interface IndexQuery {
  /** `[dim]`, finite, and not zero for `cosine`. */
  readonly vector: Float32Array;
  /** At least 1; the result is shorter where fewer rows are left. */
  readonly k: number;
  /** Candidates held while the graph is searched, at least 1; exact search ignores it. */
  readonly efSearch?: number;
  /** Rows that must not be returned, in any order. The result is filled up with the next best. */
  readonly exclude?: Int32Array;
  /** Scores by the float32 vectors, where the index searches by something else and has kept them. */
  readonly exactScores?: boolean;
}

/** Finds the vectors nearest to queries on threads of its own, so that the event loop never runs a search. */
export interface ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  /** Used where a query does not say another. */
  readonly efSearch: number;
  /** Queries that wait for a thread. */
  readonly queueLength: number;
  /**
   * @param signal drops the queries that no thread has begun
   * @returns one result a query, in their order
   * @throws IndexArgumentError, IndexThreadError, or the reason of `signal`
   */
  searchMany(queries: readonly IndexQuery[], signal?: Cancellation): Promise<SearchResult[]>;
  /** Ends the threads once the searches under way are done. */
  close(): Promise<void>;
}
