/** The share of the true nearest items among the first `depth` that a search found; equal scores count as equal. */
export interface RecallAtDepth {
  /** `all`: everything that the search was asked for. */
  readonly depth: number | 'all';
  /** In [0, 1]. */
  readonly recall: number;
}

export type LiveRecallEvent =
  | { readonly type: 'checked'; readonly recalls: readonly RecallAtDepth[] }
  /** A search that was picked, but too many waited. */
  | { readonly type: 'dropped' }
  | { readonly type: 'failed'; readonly error: unknown };

export interface LiveRecallOptions {
  /** One in so many searches is checked, picked at random; at least 1. */
  readonly every: number;
  readonly onEvent: (event: LiveRecallEvent) => void;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}
