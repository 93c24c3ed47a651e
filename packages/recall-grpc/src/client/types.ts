import type { Attribute, Filter } from '@vector-recall/item-catalogue';
import type {
  FilterOutcome,
  RecallInput,
  RecallSource,
  RecallTimings,
  Rules,
  ServiceInfo,
  ShownRequest,
} from '@vector-recall/recall-service';
import type { RulesAnswer } from './rules-message';
import type { GetModelInfoResponse } from '../gen/recall/v1/recall';

/** A number stands for an integer id, a string for a string id: send the kind that the model has (see {@link ModelInfo}). */
export type Id = number | string;

/** Whom to find candidates for. Ranges are the server's to check; see `recall.proto`. */
export interface RecallQuery {
  readonly userId?: Id;
  /** In the order of {@link ModelInfo.userFeatureNames}; they take the place of the stored ones. */
  readonly features?: ArrayLike<number>;
  /** Oldest first; it takes the place of the stored one, also when it is empty. */
  readonly history?: readonly Id[];
  /** The type of the event with each item of the history, of {@link ModelInfo.eventTypes}; others are unknown. */
  readonly historyTypes?: readonly string[];
  /** What the user has just been shown, and how long what they were shown is not repeated; needs `userId`. */
  readonly shown?: ShownRequest;
  /** How much each item of the history counts, above 0; the weighted mean of their vectors then joins the user's. */
  readonly historyWeights?: ArrayLike<number>;
  /** Items that the user does not want: what is like them moves back, and they are not returned. */
  readonly negativeItemIds?: readonly Id[];
  /** A label for parts of {@link ModelInfo.contextNames}, such as `{ device: 'phone' }`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Searched by as it is, in place of `userId`, `features`, `history` and `context`; of {@link ModelInfo.dimension} values. */
  readonly queryVector?: ArrayLike<number>;
  readonly topK: number;
  readonly excludeItemIds?: readonly Id[];
  /** Whether what the user has is left out; default true. */
  readonly excludeSeen?: boolean;
  /** Default: the model's own. */
  readonly efSearch?: number;
  /** The only items that may be returned, or the text of such a filter. Default: all. */
  readonly filter?: Filter | string;
  /** Puts candidates of a wider pool in another order, and passes some over. */
  readonly rules?: Rules;
  /** Which of two versions answers, `stable` or `canary`; default: the one that the user's id decides. */
  readonly versionLabel?: string;
}

export interface SimilarItemsQuery {
  readonly itemId: Id;
  readonly topK: number;
  readonly excludeItemIds?: readonly Id[];
  readonly efSearch?: number;
  /** The only items that may be returned, or the text of such a filter. Default: all. */
  readonly filter?: Filter | string;
  /** Puts neighbours of a wider pool in another order, and passes some over. */
  readonly rules?: Rules;
  /** Which of two versions answers; default `stable`. */
  readonly versionLabel?: string;
}

/** Items, best first, or in the order of the query's rules, and their scores at the same places. */
export interface SimilarItemsAnswer {
  readonly itemIds: readonly Id[];
  readonly scores: readonly number[];
  readonly modelVersion: string;
  /** Which of two versions answered; absent where the server has one. */
  readonly versionLabel?: string;
  /** Inside the server. */
  readonly timings: RecallTimings;
  /** What the filter did; absent where the query has none. */
  readonly filter?: FilterOutcome;
  /** What the rules did; absent where the query has none. */
  readonly rules?: RulesAnswer;
}

export interface RecallAnswer extends SimilarItemsAnswer {
  /** `unknown` is said of a server that is newer than this client. */
  readonly source: RecallSource | 'unknown';
  readonly unknownHistoryItems: number;
}

export interface ModelInfo extends Omit<
  GetModelInfoResponse,
  'userIdKind' | 'itemIdKind' | 'inputs' | 'space' | 'attributes'
> {
  readonly userIdKind: 'integer' | 'string';
  readonly itemIdKind: 'integer' | 'string';
  /** What a query may rest on; empty where the server is older than `queryVector`. */
  readonly inputs: readonly RecallInput[];
  /** What filters select items by; empty where the artifact has no attributes, or the server is older. */
  readonly attributes: readonly Attribute[];
  /** What scores are; absent where the server is older. */
  readonly space?: ServiceInfo['space'];
}

/** Whose vector to compute. */
export type EncodeUserQuery = Pick<RecallQuery, 'userId' | 'features' | 'history' | 'historyTypes' | 'context'>;

export interface EncodedUserAnswer {
  /** Of {@link ModelInfo.dimension} values; absent where nothing is known of the user. */
  readonly vector?: readonly number[];
  readonly source: RecallAnswer['source'];
}
