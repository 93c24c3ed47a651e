import type { ModelLease } from './leased-model';
import type { ModelHost } from './model-host';
import { bucketOf } from './traffic-bucket';

/** What the versions are called that a server answers from at once. */
export const versionLabels = ['stable', 'canary'] as const;
export type VersionLabel = (typeof versionLabels)[number];

/** Two models of one server, between which users are split by their ids. */
export class SplitModels {
  /** @param canaryBuckets of the 10,000 buckets that users fall into, those of the canary: the first ones */
  constructor(
    readonly stable: ModelHost,
    readonly canary: ModelHost,
    private readonly canaryBuckets: number,
  ) {}

  /** Takes a model for one call; `undefined` where it is not loaded. */
  acquire(label: VersionLabel = 'stable'): ModelLease | undefined {
    return this[label].acquire();
  }

  /** The version that answers a user where the request names none; `stable` where there is no id. */
  labelOf(userId: number | string | undefined): VersionLabel {
    return userId !== undefined && bucketOf(userId) < this.canaryBuckets ? 'canary' : 'stable';
  }
}
