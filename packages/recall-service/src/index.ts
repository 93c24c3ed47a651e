export type { BatchRecallResult, ItemDescription, RecallRequest, RecallResult, RecallSource } from './recall';
export { VectorRecallService, type ServiceOptions } from './vector-recall-service';
