import type { RandomStream } from '@vector-recall/random';
import type { UserBatch } from '@vector-recall/towers';
import { TrainingDataError } from '../errors';

export interface EventBatch {
  readonly users: UserBatch;
  /** The items that followed the histories, `[batch]`. */
  readonly positives: Int32Array;
  /** How much each event counts in the loss, `[batch]`; absent where all count alike. */
  readonly weights?: Float32Array;
}

/** Every example of a split once per epoch, in batches of a fresh order. */
export interface Batches {
  readonly eventCount: number;
  /** Examples of a step, on average. */
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  /** Puts all examples in an order that only the stream decides. */
  shuffle(random: RandomStream): void;
  /** The batch of a step, 0 to `stepsPerEpoch` − 1. Its arrays hold until the next call. */
  batch(step: number): EventBatch;
}

export interface BatchOptions {
  readonly batchSize: number;
  readonly historyLength: number;
  /** Share of the examples, [0, 1), whose user is hidden, so that the model learns to serve strangers from their history. */
  readonly unknownUsers?: number;
  /** Age at which an event counts half; 0 for never. */
  readonly halfLifeDays?: number;
}

/** @throws TrainingDataError when there are fewer than two examples, which leaves nothing to contrast */
export function requireExamples(count: number): number {
  if (count >= 2) return count;
  throw new TrainingDataError(
    `There are ${count} training events; training needs at least 2. Give a longer interaction log.`,
  );
}
