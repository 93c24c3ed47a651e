import type { InteractionLog } from '../dataset';
import { DatasetError } from '../errors';
import { exampleWeights } from './example-weights';
import type { ColdRows } from './hold-out-cold';
import type { RepeatRule } from './repeats';
import type { RandomSplitName } from './split-random';

/**
 * A log cut in three: what a model learns from, what tunes it, what judges it.
 *
 * What is known of a user when is told by positions in `log.items`, all exclusive: training ends at `trainEnd`, what is
 * known at validation at `validationAt`, and what is known at the test at `testAt` ({@link knownEnds}).
 */
export interface Split {
  readonly log: InteractionLog;
  /** `[users]` end of each user's training events: `log.offsets[u]` to `trainEnd[u] - 1`, as far as they are examples. */
  readonly trainEnd: Int32Array;
  /** `[users]` position of the event that is held out for validation (the first of them in a random split), or -1. */
  readonly validationAt: Int32Array;
  /** `[users]` position of the event that is held out for the test (the first of them in a random split), or -1. */
  readonly testAt: Int32Array;
  /** `[users]` item row of the event at `validationAt`, or -1. */
  readonly validation: Int32Array;
  /** `[users]` item row of the event at `testAt`, or -1. */
  readonly test: Int32Array;
  /** `[events]` 1 where an event may be a training example; absent where all may. */
  readonly isExample?: Uint8Array;
  /** `[events]` how much an example counts in the loss, above 0; absent where all count the same. */
  readonly weights?: Float32Array;
  readonly repeats: RepeatRule;
  /** One sentence for each thing that the split assumed or set aside. */
  readonly notes: readonly string[];
  /** Users and items that training never sees; absent where there are none. */
  readonly cold?: ColdRows;
  /** Where events were cut at random: `[users]` ends of the validation events, which follow those of training. */
  readonly random?: { readonly name: RandomSplitName; readonly validationEnd: Int32Array };
}

/** Where what is known of each user ends in the log, `[users]`, exclusive. */
export function knownEnds(
  { trainEnd, validationAt, testAt }: Pick<Split, 'trainEnd' | 'validationAt' | 'testAt'>,
  part: 'validation' | 'test',
): Int32Array {
  const heldAt = part === 'validation' ? validationAt : testAt;
  return trainEnd.map((end, user) => (heldAt[user] >= 0 ? heldAt[user] : end));
}

/** The split of a second training, which also learns from the validation events: it ends where the test begins. */
export function withValidation(split: Split): Split {
  const trainEnd = knownEnds(split, 'test');
  return { ...split, trainEnd, weights: exampleWeights(split, trainEnd) };
}

/** `[users]` the items of the events at these positions, -1 where there is none. */
export function itemsAt({ items }: InteractionLog, positions: Int32Array): Int32Array {
  return positions.map((at) => (at < 0 ? -1 : items[at]));
}

/** @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when nothing is held out for one of the two parts */
export function checkHeldOut(held: readonly Int32Array[], message: string): void {
  if (held.some((positions) => positions.every((at) => at < 0))) {
    throw new DatasetError('DATASET_NOT_SPLITTABLE', message);
  }
}
