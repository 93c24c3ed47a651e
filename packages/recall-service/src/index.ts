export type { Cancellation, SharedFile } from '@vector-recall/hnsw-index';
export {
  ArtifactMismatchError,
  ModelHostClosedError,
  ModelRefusedError,
  NotAStoreError,
  PinnedVersionError,
  RecallRequestError,
  ServiceClosedError,
  ServiceOptionError,
  StandingError,
  StandingFileError,
  StandingUnfitError,
  UnknownItemError,
} from './errors';
export type { ModelLease } from './hosting/leased-model';
export type { ModelEvent } from './hosting/model-events';
export { SplitModels, versionLabels, type VersionLabel } from './hosting/split-models';
export { BUCKETS } from './hosting/traffic-bucket';
export { Promoter } from './hosting/promoter';
export { ModelHost, type HostedVersion, type ModelHostOptions, type Reload } from './hosting/model-host';
export { SharedIndexes } from './hosting/shared-indexes';
export type {
  CallOptions,
  EncodedUser,
  EncodeUserRequest,
  FilterOutcome,
  RecallInput,
  RecallLimits,
  RecallRequest,
  RecallResult,
  RecallSource,
  RecallTimings,
  ScoredItems,
  ServiceInfo,
  ShownRequest,
  SimilarItemsRequest,
  UserDescription,
} from './recall';
// For benchmarks.
export { applyRules } from './rules/apply-rules';
export { ItemAttributes } from './rules/item-attributes';
export { rulesLimits } from './rules/rules';
export type { Boost, Cap, Decay, Diversity, Placement, Promotion, Rules, RulesOutcome } from './rules/rules';
export { ShownItems } from './shown/shown-items';
export { standingLimits, toStanding, type Standing, type StandingSource } from './standing/standing';
export { StandingAdmin } from './standing/standing-admin';
export { StandingStore } from './standing/standing-store';
export type { FieldNames } from './request/field-names';
export { VectorRecallService, type ServiceOptions } from './vector-recall-service';
export type { ItemDescription } from '@vector-recall/model-store';

export type { LiveOptions } from './artifact/load-serving-data';
export type { LiveRecallEvent, LiveRecallOptions, RecallAtDepth } from './live-recall/recall-events';
export { LiveCatalogue } from './live/live-catalogue';
