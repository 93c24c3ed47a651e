export type { Cancellation } from '@vector-recall/hnsw-index';
export {
  ArtifactMismatchError,
  ModelHostClosedError,
  ModelRefusedError,
  RecallRequestError,
  ServiceClosedError,
  ServiceOptionError,
  UnknownItemError,
} from './errors';
export type { ModelLease } from './hosting/leased-model';
export type { ModelEvent } from './hosting/model-events';
export { ModelHost, type HostedVersion, type ModelHostOptions, type Reload } from './hosting/model-host';
export type {
  CallOptions,
  ItemDescription,
  RecallInput,
  RecallLimits,
  RecallRequest,
  RecallResult,
  RecallSource,
  RecallTimings,
  ScoredItems,
  ServiceInfo,
  SimilarItemsRequest,
} from './recall';
export { toQueryVector, type VectorShape } from './request/query-vector';
export { VectorRecallService, type ServiceOptions } from './vector-recall-service';
