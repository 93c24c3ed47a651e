/** Whom to find candidates for, and how many. */
export interface RecallRequest {
  /** A user the model has never seen is not an error: candidates come from the history, the features, or popularity. */
  readonly userId?: number | string;
  /** `[width]` raw user features; take the place of the stored ones. */
  readonly features?: ArrayLike<number>;
  /** Item ids, oldest first; take the place of the stored history. Items that are not in the catalogue are ignored. */
  readonly history?: readonly (number | string)[];
  /** 1 to 10,000. The result is shorter where the catalogue is. */
  readonly topK: number;
  /** Whether items of the history, stored and given, are left out; default true. */
  readonly excludeSeen?: boolean;
}

/**
 * What the candidates rest on: `model`, the user tower with what is known of the user; `history`, the user tower with
 * the history of the request; `popularity`, the items that most users have.
 */
export type RecallSource = 'model' | 'history' | 'popularity';

export interface RecallResult {
  /** Best first. */
  readonly itemIds: readonly (number | string)[];
  /** Of the same length: cosine in [-1, 1], or the share of all stored events for `popularity`. */
  readonly scores: Float32Array;
  readonly latencyMs: number;
  readonly source: RecallSource;
}

export interface BatchRecallResult {
  /** In the order of the requests. */
  readonly results: readonly RecallResult[];
  readonly latencyMs: number;
}

/** What a person calls an item. */
export interface ItemDescription {
  readonly id: number | string;
  readonly name?: string;
  readonly category?: string;
  readonly tags: readonly string[];
}
