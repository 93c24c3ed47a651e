import type { Cancellation } from '../cancellation';
import type { IndexQuery } from '../concurrent-index';
import type { RowBits, SearchResult, Space } from '../vector-index';

/** What answers find their candidates in: a fixed index, one that changes while it serves, or a remote engine. */
export interface CandidateIndex {
  readonly dim: number;
  readonly space: Space;
  /** Used where a query does not say another; a hint to engines that have no such setting. */
  readonly efSearch: number;
  /** Queries that wait for a thread. */
  readonly queueLength: number;
  /** Takes hold of the items as they are now. Release it: what was replaced is closed after its last lease. */
  lease(): IndexSnapshot;
  /** Refuses further leases, waits for those that are held, and ends the threads. */
  close(): Promise<void>;
}

/** The items at one moment, unchanged until they are released. Items are rows, which an item keeps for ever. */
export interface IndexSnapshot {
  /** Items that can be found. */
  readonly itemCount: number;
  /**
   * @param signal drops the queries that no thread has begun
   * @returns one result a query, in their order; labels are rows
   * @throws IndexArgumentError, IndexThreadError, or the reason of `signal`
   */
  search(queries: readonly IndexQuery[], signal?: Cancellation): Promise<CandidateResult[]>;
  /** `[dim]`, as it was indexed; `undefined` where there is no such item now. */
  vectorOf(row: number): Promise<Float32Array | undefined>;
  /**
   * Writes the directions of items, which tell how alike they are: see `directionOf`. Into memory of the caller's, since
   * fresh memory takes longer than writing it.
   * @param into `[rows, dim]`; zeros for rows of which there is no item now
   */
  writeDirections(rows: Int32Array, into: Int8Array): Promise<void>;
  /** Where the vectors of all items are; absent where they can't be read one by one. */
  vectors?(): SnapshotVectors;
  /** Takes hold of the same items once more, to be released too. */
  lease(): IndexSnapshot;
  /** Called once a lease. */
  release(): void;
}

/** The vectors of the items of a snapshot, for a look at every one of them. Read while the snapshot is held. */
export interface SnapshotVectors {
  /** The items whose vectors are those that the index was first built of. */
  readonly stored: Pick<RowBits, 'words' | 'rowCount'>;
  /** All other items. */
  readonly changed: Iterable<ItemVector>;
}

export interface ItemVector {
  readonly row: number;
  /** `[dim]` */
  readonly vector: Float32Array;
}

export interface CandidateResult extends SearchResult {
  /** The share of the items that was searched, below 1 where parts of a remote engine have not answered; default 1. */
  readonly coverage?: number;
}
