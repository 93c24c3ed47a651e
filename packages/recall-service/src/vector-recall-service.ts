import type { BackendName } from '@vector-recall/towers';
import type { BatchRecallResult, ItemDescription, RecallRequest, RecallResult } from './recall';

export interface ServiceOptions {
  /** Where the user tower computes; default `auto`. */
  readonly backend?: 'auto' | BackendName;
}

export declare class VectorRecallService {
  static fromArtifact(path: string, options?: ServiceOptions): Promise<VectorRecallService>;
  readonly version: string;
  recall(request: RecallRequest): Promise<RecallResult>;
  batchRecall(requests: readonly RecallRequest[]): Promise<BatchRecallResult>;
  describeItem(id: number | string): ItemDescription | undefined;
}
