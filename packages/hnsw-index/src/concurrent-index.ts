import type { Cancellation } from './cancellation';
import type { Precision } from './native/engine-options';
import type { RowBits, SearchResult, Space } from './vector-index';

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
  /** The only rows that may be returned, before `exclude` narrows them; default all. Of as many rows as the index. */
  readonly allowed?: RowBits;
  /** Scores by the float32 vectors, where the index searches by something else and has kept them. */
  readonly exactScores?: boolean;
}

/** Finds the vectors nearest to queries on threads of its own, so that the event loop never runs a search. */
export interface ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  /** What rows are compared by; absent where it is always float32. */
  readonly precision?: Precision;
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
  /**
   * Writes the directions of rows by what the index holds of them in memory: see `directionOf`. Absent where it can't tell.
   * @param into `[rows, dim]`; zeros for rows that the index does not hold
   */
  writeDirections?(rows: Int32Array, into: Int8Array): void;
  /** Ends the threads once the searches under way are done. */
  close(): Promise<void>;
}
