export { ArtifactMismatchError, RecallRequestError } from './errors';
export type { ItemDescription, RecallRequest, RecallResult, RecallSource } from './recall';
export { VectorRecallService, type ServiceOptions } from './vector-recall-service';
