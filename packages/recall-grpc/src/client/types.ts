import type { RecallInput, RecallSource, RecallTimings, ServiceInfo } from '@vector-recall/recall-service';
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
  /** Searched by as it is, in place of `userId`, `features` and `history`; of {@link ModelInfo.dimension} values. */
  readonly queryVector?: ArrayLike<number>;
  readonly topK: number;
  readonly excludeItemIds?: readonly Id[];
  /** Whether what the user has is left out; default true. */
  readonly excludeSeen?: boolean;
  /** Default: the model's own. */
  readonly efSearch?: number;
}

export interface SimilarItemsQuery {
  readonly itemId: Id;
  readonly topK: number;
  readonly excludeItemIds?: readonly Id[];
  readonly efSearch?: number;
}

/** Items, best first, and their scores at the same places. */
export interface SimilarItemsAnswer {
  readonly itemIds: readonly Id[];
  readonly scores: readonly number[];
  readonly modelVersion: string;
  /** Inside the server. */
  readonly timings: RecallTimings;
}

export interface RecallAnswer extends SimilarItemsAnswer {
  /** `unknown` is said of a server that is newer than this client. */
  readonly source: RecallSource | 'unknown';
  readonly unknownHistoryItems: number;
}

export interface ModelInfo extends Omit<GetModelInfoResponse, 'userIdKind' | 'itemIdKind' | 'inputs' | 'space'> {
  readonly userIdKind: 'integer' | 'string';
  readonly itemIdKind: 'integer' | 'string';
  /** What a query may rest on; empty where the server is older than `queryVector`. */
  readonly inputs: readonly RecallInput[];
  /** What scores are; absent where the server is older. */
  readonly space?: ServiceInfo['space'];
}
