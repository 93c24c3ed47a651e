import type { InteractionLog } from '../dataset';
import { DatasetError } from '../errors';
import type { ColdRows } from './hold-out-cold';
import type { RandomSplitName } from './split-random';

/** A log cut in three: what a model learns from, what tunes it, what judges it. */
export interface Split {
  readonly log: InteractionLog;
  /** `[users]` end of each user's training events: they are `log.offsets[u]` to `trainEnd[u] - 1`. */
  readonly trainEnd: Int32Array;
  /** `[users]` item row of the second-last event, or of one for validation, or -1. */
  readonly validation: Int32Array;
  /** `[users]` item row of the last event, or of the first for the test, or -1. */
  readonly test: Int32Array;
  /** What is held wholly out; absent where nothing is. */
  readonly cold?: ColdRows;
  /** Where events were cut at random: `[users]` ends of the validation events, which follow those of training. */
  readonly random?: { readonly name: RandomSplitName; readonly validationEnd: Int32Array };
}

/** Fewer events leave nothing to learn a user from: they are all for training. */
const MIN_EVENTS = 3;

/**
 * Each user's last event is for the test, the one before for validation, the others for training.
 * Users with fewer than three events are all training.
 * @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when no user has three events
 */
export function splitLeaveLastOut(log: InteractionLog): Split {
  const { userCount, offsets, items } = log;
  const trainEnd = new Int32Array(userCount);
  const validation = new Int32Array(userCount).fill(-1);
  const test = new Int32Array(userCount).fill(-1);
  let testUsers = 0;
  for (let user = 0; user < userCount; user++) {
    const end = offsets[user + 1];
    if (end - offsets[user] < MIN_EVENTS) {
      trainEnd[user] = end;
      continue;
    }
    trainEnd[user] = end - 2;
    validation[user] = items[end - 2];
    test[user] = items[end - 1];
    testUsers++;
  }
  if (testUsers === 0) {
    throw new DatasetError(
      'DATASET_NOT_SPLITTABLE',
      `None of the ${userCount} users has ${MIN_EVENTS} interactions, so there is nothing to validate or test on; ` +
        'bring a log with longer histories.',
    );
  }
  return { log, trainEnd, validation, test };
}
