import type { Cancellation, SearchPlan, Space } from '@vector-recall/hnsw-index';
import type { Attribute, Filter } from '@vector-recall/item-catalogue';
import type { Rules, RulesOutcome } from './rules/rules';

/** Whom to find candidates for, and how many. */
export interface RecallRequest {
  /**
   * A user that the model has never seen is not an error: see {@link RecallSource}. Digits in a string also find an
   * integer id, and an integer also finds the string of its digits, unless the service has strict ids.
   */
  readonly userId?: number | string;
  /** `[width]` raw user features, in the order of training; they take the place of the stored ones. */
  readonly features?: ArrayLike<number>;
  /**
   * Item ids, oldest first. They take the place of the stored history, also when there are none. The model reads the
   * newest; ids that are not in the catalogue are passed over and counted.
   */
  readonly history?: readonly (number | string)[];
  /**
   * The type of the event with each item of `history`, as the log of the training names it: as many as there are items. A
   * type that training never saw counts as unknown, and so do all where they are left out.
   */
  readonly historyTypes?: readonly string[];
  /** Does not repeat what the user was shown; needs `userId`. */
  readonly shown?: ShownRequest;
  /**
   * How much each item of `history` counts, above 0; at most 256. Then the weighted mean of their vectors joins what the
   * model makes of the user: see `encoding/examples.ts`. Without it, the model alone reads the history.
   */
  readonly historyWeights?: ArrayLike<number>;
  /** Items that the user does not want, at most 256: what is like them moves back, and they are not returned. */
  readonly negativeItemIds?: readonly (number | string)[];
  /**
   * The circumstances of the request by their names, as the events of the log had them: `{ device: 'phone' }`. What is
   * missing or was never seen in training counts as unknown.
   */
  readonly context?: Readonly<Record<string, string>>;
  /**
   * `[dim]` values to search by as they are, in place of `userId`, `features`, `history` and `context`: finite, and not all zero
   * where the space is `cosine`. A model that knows no users takes nothing else.
   */
  readonly queryVector?: ArrayLike<number>;
  /** 1 to the service's `maxTopK`. */
  readonly topK: number;
  /** Items that are left out; ids that are not in the catalogue are passed over. */
  readonly excludeItemIds?: readonly (number | string)[];
  /** Whether the items of the stored history and of the given one are left out; default true. */
  readonly excludeSeen?: boolean;
  /** Candidates that the search expands, 1 to the service's `maxEfSearch`; default the artifact's own. */
  readonly efSearch?: number;
  /** The only items that may be returned, or the text of such a filter: `price < 50 and brand in ("x")`. Default all. */
  readonly filter?: Filter | string;
  /** Puts candidates of a wider pool in another order, and passes some over. Default: the nearest, by score. */
  readonly rules?: Rules;
}

/** What a user was shown, in the memory of the service: it is gone when the process ends. */
export interface ShownRequest {
  /** Items that the user has just been shown; they are kept, the newest 500 of each user. */
  readonly itemIds?: readonly (number | string)[];
  /** Items that the user was shown in the last so many seconds are not returned, those of `itemIds` included. */
  readonly withinSeconds?: number;
}

/**
 * What the candidates rest on. `model`: the model knows the user. `history`: it does not, so they rest on the history
 * and features of the request. `popularity`: nothing is known of the user, so they are what most users have. `vector`:
 * the vector of the request.
 */
export type RecallSource = 'model' | 'history' | 'popularity' | 'vector';

/** The fields of a request that say what its candidates rest on. */
export type RecallInput = 'userId' | 'history' | 'features' | 'queryVector';

/** Where the time of an answer went, in whole microseconds. */
export interface RecallTimings {
  /** Turning users into vectors, waiting included; 0 where a stored vector was used. */
  readonly encodeMicros: number;
  /** Searching the index and applying rules, waiting included; 0 for `popularity`. For a batch, until all its searches were done. */
  readonly searchMicros: number;
  /** From the call to the result; for a batch, of the whole batch. */
  readonly totalMicros: number;
}

/** What a filter did. */
export interface FilterOutcome {
  /** Items of the catalogue that it selects, those that are excluded otherwise included. */
  readonly matches: number;
  /** How the candidates were found among them; absent where they were not searched for. */
  readonly plan?: SearchPlan;
}

/** Items in descending order of their scores, or in the order of the request's rules. */
export interface ScoredItems {
  /**
   * Best first; fewer than `topK` only where the catalogue has no more that are allowed, the index reaches no more, or the
   * caps of rules leave no more of their pool.
   */
  readonly itemIds: readonly (number | string)[];
  /**
   * Of the same length. What the space of the model gives: the cosine in [-1, 1], the inner product or the negative
   * squared distance; for `popularity` the share of all stored interactions, in [0, 1].
   */
  readonly scores: Float32Array;
  /** From the call to the result; for a batch, of the whole batch. */
  readonly latencyMs: number;
  readonly timings: RecallTimings;
  /** Of the request's filter; absent where it has none. */
  readonly filter?: FilterOutcome;
  /** What the request's rules did; absent where it has none. */
  readonly rules?: RulesOutcome;
}

export interface RecallResult extends ScoredItems {
  readonly source: RecallSource;
  /** How many ids of the given history the catalogue does not hold. */
  readonly unknownHistoryItems: number;
}

/** Whose vector to compute. */
export type EncodeUserRequest = Pick<RecallRequest, 'userId' | 'features' | 'history' | 'historyTypes' | 'context'>;

export interface EncodedUser {
  /** `[dim]`; absent where nothing is known of the user, whose source is then `popularity`. */
  readonly vector?: Float32Array;
  readonly source: RecallSource;
}

/** What is known of one user. */
export interface UserDescription {
  /** Whether the model was trained with the user. */
  readonly known: boolean;
  /** Item ids, oldest first, with the events that came after training. */
  readonly history: readonly (number | string)[];
}

/** Which item's neighbours to find, and how many. */
export interface SimilarItemsRequest {
  readonly itemId: number | string;
  /** 1 to the service's `maxTopK`. */
  readonly topK: number;
  /** Items that are left out besides the item itself; ids that are not in the catalogue are passed over. */
  readonly excludeItemIds?: readonly (number | string)[];
  /** Candidates that the search expands, 1 to the service's `maxEfSearch`; default the artifact's own. */
  readonly efSearch?: number;
  /** The only items that may be returned, or the text of such a filter: `price < 50 and brand in ("x")`. Default all. */
  readonly filter?: Filter | string;
  /** Puts candidates of a wider pool in another order, and passes some over. Default: the nearest, by score. */
  readonly rules?: Rules;
}

export interface CallOptions {
  /** Ends the call: what has not begun is dropped, and the promise rejects with the signal's reason. */
  readonly signal?: Cancellation;
}

/** What a service answers from. */
export interface ServiceInfo {
  /** Version of the artifact. */
  readonly version: string;
  readonly userIdKind: 'integer' | 'string';
  readonly itemIdKind: 'integer' | 'string';
  readonly userCount: number;
  readonly itemCount: number;
  /** Width of user and item vectors. */
  readonly dim: number;
  /** What scores are. */
  readonly space: Space;
  /** What a request may rest on: `queryVector` alone where the model knows no users. */
  readonly inputs: readonly RecallInput[];
  /** In the order that a request gives them; empty where the model was trained without. */
  readonly userFeatureNames: readonly string[];
  /** Names of the parts of {@link RecallRequest.context} that the model reads; empty where it reads none. */
  readonly contextNames: readonly string[];
  /** Types of events that the model tells apart in a history; empty where it doesn't. */
  readonly eventTypes: readonly string[];
  /** What filters select items by; empty where the artifact has no attributes. */
  readonly attributes: readonly Attribute[];
  /** Newest items of a history that the model reads; 0 where it reads none. */
  readonly historyLength: number;
  /** Used where a request does not say another. */
  readonly defaultEfSearch: number;
  readonly limits: RecallLimits;
}

/** The largest values that a request may have. */
export interface RecallLimits {
  readonly maxTopK: number;
  readonly maxEfSearch: number;
}
