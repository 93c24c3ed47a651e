import type { HostedVersion, Reload, VectorRecallService } from '@vector-recall/recall-service';

/** What the handlers call of a model. */
export type ServedModel = Pick<
  VectorRecallService,
  'info' | 'recall' | 'recallEach' | 'searchQueueLength' | 'similarItems'
>;

/** A model held for the length of one call, so that the call ends on the version it began with. */
export interface ModelLease {
  readonly service: ServedModel;
  /** Called once, when the call has ended. */
  release(): void;
}

/** Where calls take their model from; a `ModelHost` is one. */
export interface ModelSource {
  /** The model in use now; `undefined` until there is one. */
  acquire(): ModelLease | undefined;
}

/** What the admin service asks of the process around it; a `ModelHost` has it. */
export interface ModelAdmin {
  /** Newest first. */
  versions(): Promise<readonly HostedVersion[]>;
  /**
   * @param version absent for the promoted one
   * @throws ModelRefusedError, NoCurrentVersionError; the version in use then goes on serving
   */
  reload(version?: string): Promise<Reload>;
}
