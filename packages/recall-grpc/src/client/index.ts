export type { RulesAnswer } from './rules-message';
export { type ClientTls, type RecallClientOptions } from './client-options';
export { ClientRequestError, RecallCallError } from './errors';
export { AdminClient, type PromoteAnswer, type ReloadAnswer } from './admin-client';
export type { Source } from './client-stream';
export {
  ItemClient,
  type ChangeAnswer,
  type ChangeOptions,
  type ItemChange,
  type StreamOptions,
  type UserEvent,
} from './item-client';
export { RecallClient } from './recall-client';
export type { ClientCallOptions } from './unary-call';
export type {
  EncodedUserAnswer,
  EncodeUserQuery,
  Id,
  ModelInfo,
  RecallAnswer,
  RecallQuery,
  SimilarItemsAnswer,
  SimilarItemsQuery,
} from './types';
