export {
  BatchRecallRequest,
  BatchRecallResponse,
  FilterAttribute,
  AttributeKind,
  BatchRecallResult,
  EntryError,
  Boost,
  Cap,
  Decay,
  Diversity,
  Filter,
  FilterList,
  FilterOutcome,
  GetModelInfoRequest,
  GetModelInfoResponse,
  IdKind,
  IdList,
  Input,
  LabelsMode,
  LabelsTest,
  Placement,
  Promotion,
  RangeTest,
  RecallRequest,
  RecallResponse,
  RecallServiceClient,
  RecallServiceService,
  Rules,
  RulesOutcome,
  ScoredItems,
  SearchPlan,
  SimilarItemsRequest,
  SimilarItemsResponse,
  Source,
  Space,
  Timings,
  type RecallServiceServer,
} from './gen/recall/v1/recall';

export {
  AdminServiceClient,
  AdminServiceService,
  GetStandingRequest,
  GetStandingResponse,
  ListVersionsRequest,
  ListVersionsResponse,
  ModelVersion,
  ReloadModelRequest,
  ReloadModelResponse,
  SetStandingRequest,
  SetStandingResponse,
  StandingRules,
  type AdminServiceServer,
} from './gen/recall/v1/admin';

export { ItemServiceClient, ItemServiceService, type ItemServiceServer } from './gen/recall/v1/items';

export { ListenError, SecretFileError, ServedLogError, TransportError } from './errors';
export type { SwapOutcome } from './observe/metrics';
export { startTracing } from './observe/start-tracing';
export { ControlServer, type ControlServerOptions } from './server/control-server';
export type { ModelAdmin, ModelLease, ModelSource, ServedModel, ServedStanding } from './contract/model-source';
export { RecallServer, type RecallServerOptions, type ServerPorts } from './server/recall-server';

export {
  AdminClient,
  ClientRequestError,
  ItemClient,
  RecallCallError,
  RecallClient,
  type ChangeAnswer,
  type ChangeOptions,
  type ClientCallOptions,
  type ClientTls,
  type EncodedUserAnswer,
  type EncodeUserQuery,
  type Id,
  type ItemChange,
  type ModelInfo,
  type RecallAnswer,
  type RecallClientOptions,
  type RecallQuery,
  type ReloadAnswer,
  type RulesAnswer,
  type SimilarItemsAnswer,
  type SimilarItemsQuery,
  type UserEvent,
} from './client';
