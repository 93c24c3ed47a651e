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
  readonly buildSeconds: number;
  /** Memory of the index in bytes. */
  readonly bytes: number;
  /** `"recall@K"`: mean share of the exact top K that the index returns, for user vectors. */
  readonly recall: Readonly<Record<string, number>>;
}
