import { RandomStream } from '@vector-recall/random';
import type { InteractionLog } from '../dataset';
import { checkHeldOut, itemsAt, type Split } from './split';
import { takeEvents } from './event-columns';

/** How papers cut a log that they do not cut by time. */
export type RandomSplitName = 'random-80-20' | 'random-8-1-1';

/**
 * Cuts a log at random. The log of the split holds each user's training events first, then those for validation, then
 * those for the test, each in order of time.
 *
 * `random-80-20`: a fifth of all events are for the test, whoever's they are, as in the retrieval tutorial of TensorFlow
 * Recommenders; of what is left, one event of each user with at least three is for validation.
 *
 * `random-8-1-1`: a tenth of each user's events, rounded down, is for validation and a tenth for the test. Of fewer than
 * ten events one is for the test, and one for validation, as long as one is left to train on (RecBole, Zhao et al. 2021).
 *
 * @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when that leaves nothing to validate or to test on
 */
export function splitAtRandom(log: InteractionLog, name: RandomSplitName, seed: number): Split {
  const random = new RandomStream(seed, name);
  const parts = name === 'random-80-20' ? cutWhole(log, random) : cutByUser(log, random);
  const split = arrange(log, parts, name);
  checkHeldOut(
    [split.validationAt, split.testAt],
    `The split ${name} leaves no event to validate or to test on; bring a log with longer histories.`,
  );
  return split;
}

const TRAINING = 0;
const VALIDATION = 1;
const TEST = 2;

function cutWhole({ items, offsets, userCount }: InteractionLog, random: RandomStream): Uint8Array {
  const parts = new Uint8Array(items.length);
  const order = Int32Array.from(items, (_, at) => at);
  random.shuffle(order);
  for (const at of order.subarray(0, Math.floor(items.length / 5))) parts[at] = TEST;
  for (let user = 0; user < userCount; user++) {
    const rest: number[] = [];
    for (let at = offsets[user]; at < offsets[user + 1]; at++) if (parts[at] === TRAINING) rest.push(at);
    if (rest.length >= 3) parts[rest[random.integer(rest.length)]] = VALIDATION;
  }
  return parts;
}

function cutByUser({ items, offsets, userCount }: InteractionLog, random: RandomStream): Uint8Array {
  const parts = new Uint8Array(items.length);
  for (let user = 0; user < userCount; user++) {
    const count = offsets[user + 1] - offsets[user];
    const order = Int32Array.from({ length: count }, (_, n) => offsets[user] + n);
    random.shuffle(order);
    const test = share(count, 2);
    const validation = share(count, 3);
    for (const at of order.subarray(0, test)) parts[at] = TEST;
    for (const at of order.subarray(test, test + validation)) parts[at] = VALIDATION;
  }
  return parts;
}

/** A tenth, or one of a few events where there are at least so many. */
function share(events: number, atLeast: number): number {
  return events < 10 ? Number(events >= atLeast) : Math.floor(events / 10);
}

function arrange(log: InteractionLog, parts: Uint8Array, name: RandomSplitName): Split {
  const { userCount, offsets } = log;
  const positions = new Int32Array(log.items.length);
  const trainEnd = new Int32Array(userCount);
  const validationEnd = new Int32Array(userCount);
  for (let user = 0; user < userCount; user++) {
    let filled = offsets[user];
    for (const part of [TRAINING, VALIDATION, TEST]) {
      for (let at = offsets[user]; at < offsets[user + 1]; at++) if (parts[at] === part) positions[filled++] = at;
      if (part === TRAINING) trainEnd[user] = filled;
      if (part === VALIDATION) validationEnd[user] = filled;
    }
  }
  const arranged = takeEvents(log, offsets, positions);
  const validationAt = trainEnd.map((end, user) => (validationEnd[user] > end ? end : -1));
  const testAt = validationEnd.map((end, user) => (offsets[user + 1] > end ? end : -1));
  return {
    log: arranged,
    trainEnd,
    validationAt,
    testAt,
    validation: itemsAt(arranged, validationAt),
    test: itemsAt(arranged, testAt),
    weights: arranged.weights,
    repeats: 'mask',
    notes: [],
    random: { name, validationEnd },
  };
}
