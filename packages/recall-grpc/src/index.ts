export {
  BatchRecallRequest,
  BatchRecallResponse,
  BatchRecallResult,
  EntryError,
  GetModelInfoRequest,
  GetModelInfoResponse,
  IdKind,
  IdList,
  Input,
  RecallRequest,
  RecallResponse,
  RecallServiceClient,
  RecallServiceService,
  ScoredItems,
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
  ListVersionsRequest,
  ListVersionsResponse,
  ModelVersion,
  ReloadModelRequest,
  ReloadModelResponse,
  type AdminServiceServer,
} from './gen/recall/v1/admin';

export { ListenError, SecretFileError } from './errors';
export type { SwapOutcome } from './observe/metrics';
export { startTracing } from './observe/start-tracing';
export { ControlServer, type ControlServerOptions } from './server/control-server';
export type { ModelAdmin, ModelLease, ModelSource, ServedModel } from './server/model-source';
export { RecallServer, type RecallServerOptions, type ServerPorts } from './server/recall-server';

export { type ClientTls, type RecallClientOptions } from './client/client-options';
export { ClientRequestError, RecallCallError } from './client/errors';
export { RecallClient, type ClientCallOptions } from './client/recall-client';
export type { Id, ModelInfo, RecallAnswer, RecallQuery, SimilarItemsAnswer, SimilarItemsQuery } from './client/types';
