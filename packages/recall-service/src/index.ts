export {
  ArtifactMismatchError,
  RecallRequestError,
  ServiceClosedError,
  ServiceOptionError,
  UnknownItemError,
} from './errors';
export type {
  CallOptions,
  ItemDescription,
  RecallLimits,
  RecallRequest,
  RecallResult,
  RecallSource,
  RecallTimings,
  ScoredItems,
  ServiceInfo,
  SimilarItemsRequest,
} from './recall';
export { VectorRecallService, type ServiceOptions } from './vector-recall-service';
