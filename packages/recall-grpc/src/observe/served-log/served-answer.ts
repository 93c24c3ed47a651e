import type { RecallRequest, RecallResult, ScoredItems, SimilarItemsRequest } from '@vector-recall/recall-service';

/** What every answer in the log has. */
interface Served {
  /** The `x-request-id` of the caller, or one of the server's; unique in the log where callers' are. */
  readonly requestId: string;
  /** When it was answered, in milliseconds since 1970. */
  readonly at: number;
  readonly version: string;
  /** What the model reads of the circumstances of a request. */
  readonly contextNames: readonly string[];
}

/** A request and what was returned for it. */
export type ServedAnswer =
  | (Served & {
      readonly method: 'Recall' | 'BatchRecall';
      readonly request: RecallRequest;
      readonly result: RecallResult;
    })
  | (Served & {
      readonly method: 'SimilarItems';
      readonly request: SimilarItemsRequest;
      readonly result: ScoredItems;
    });

/** What became of the answers that were picked for the log. */
export type ServedLogEvent =
  | { readonly type: 'written'; readonly answers: number }
  /** Too many waited, or the disk did not take them. */
  | { readonly type: 'dropped'; readonly answers: number }
  /** Writing fails from now on, until it `recovered`. */
  | { readonly type: 'failing'; readonly reason: string }
  | { readonly type: 'recovered' };
