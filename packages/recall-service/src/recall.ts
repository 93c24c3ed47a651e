/** Whom to find candidates for, and how many. */
export interface RecallRequest {
  /**
   * A user that the model has never seen is not an error: see {@link RecallSource}. Digits in a string also find an
   * integer id, and an integer also finds the string of its digits.
   */
  readonly userId?: number | string;
  /** `[width]` raw user features, in the order of training; they take the place of the stored ones. */
  readonly features?: ArrayLike<number>;
  /**
   * Item ids, oldest first. They take the place of the stored history, also when there are none. The model reads the
   * newest; ids that are not in the catalogue are passed over and counted.
   */
  readonly history?: readonly (number | string)[];
  /** 1 to 10,000. */
  readonly topK: number;
  /** Whether the items of the stored history and of the given one are left out; default true. */
  readonly excludeSeen?: boolean;
}

/**
 * What the candidates rest on. `model`: the model knows the user. `history`: it does not, so they rest on the history
 * and features of the request. `popularity`: nothing is known of the user, so they are what most users have.
 */
export type RecallSource = 'model' | 'history' | 'popularity';

export interface RecallResult {
  /** Best first; fewer than `topK` only where the catalogue has no more that are allowed, or the index reaches no more. */
  readonly itemIds: readonly (number | string)[];
  /** Of the same length. Cosine in [-1, 1]; for `popularity` the share of all stored interactions, in [0, 1]. */
  readonly scores: Float32Array;
  /** From the call to the result; for a batch, of the whole batch. */
  readonly latencyMs: number;
  readonly source: RecallSource;
  /** How many ids of the given history the catalogue does not hold. */
  readonly unknownHistoryItems: number;
}

/** What a person calls an item. */
export interface ItemDescription {
  readonly id: number | string;
  readonly name?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}
