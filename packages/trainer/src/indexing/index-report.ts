import type { SearchLimit } from '@vector-recall/hnsw-index';

/** The built index and how often it agrees with exact search. */
export interface IndexReport {
  /** Who built it and searches it: `native` or `hnswlib-node`. */
  readonly engine: string;
  readonly items: number;
  readonly dim: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
  /** What `efSearch` was tuned to reach; absent where it was given. */
  readonly targetRecall?: number;
  /** Whether `recall` is at the target; absent where there was none. */
  readonly isReached?: boolean;
  /** What keeps searches from the target where it is not reached. */
  readonly limitedBy?: SearchLimit;
  readonly buildSeconds: number;
  /** Memory of the index in bytes. */
  readonly bytes: number;
  /** `"recall@K"`: mean share of the exact top K that the index returns, for user vectors. */
  readonly recall: Readonly<Record<string, number>>;
}
