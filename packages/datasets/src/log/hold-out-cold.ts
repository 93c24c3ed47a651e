import { RandomStream } from '@vector-recall/random';
import type { InteractionLog } from '../dataset';
import { markTargets, type RepeatRule } from './repeats';
import type { Split } from './split';
import { splitLeaveLastOut } from './split-leave-last-out';
import { takeEvents } from './event-columns';

/** Users and items that training never sees. */
export interface ColdRows {
  /** User rows, ascending: each has an event to be judged by, and none that is trained on. */
  readonly users: Int32Array;
  /** `[users]` position of that event in the log of the split. */
  readonly testAt: Int32Array;
  /** Item rows, ascending: none of their events is in the log of the split. */
  readonly items: Int32Array;
  /** The log with the events of the cold items. */
  readonly log: InteractionLog;
  /** `[all users]` position in that log of the user's last target with a cold item, or -1; events come before it. */
  readonly itemTestAt: Int32Array;
}

/**
 * Splits as {@link splitLeaveLastOut} does, with some users and items excluded from training. The events of cold items
 * are taken out of the log before it is split, those of cold users out of what is trained, validated and tested on.
 *
 * @param shares of the users that can be judged and of the items that occur, in [0, 1)
 * @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when no user is left to test on
 */
export function holdOutCold(
  log: InteractionLog,
  shares: { readonly users: number; readonly items: number },
  seed: number,
  repeats: RepeatRule = 'drop',
): Split {
  if (shares.users === 0 && shares.items === 0) return splitLeaveLastOut(log, repeats);
  const items = draw(occurring(log), shares.items, new RandomStream(seed, 'cold items'));
  const split = splitLeaveLastOut(items.length === 0 ? log : withoutItems(log, items), repeats);
  const users = draw(
    rowsWhere(split.test, (item) => item >= 0),
    shares.users,
    new RandomStream(seed, 'cold users'),
  );
  const testAt = users.map((user) => split.testAt[user]);
  for (const user of users) {
    split.trainEnd[user] = split.log.offsets[user];
    for (const held of [split.validationAt, split.testAt, split.validation, split.test]) held[user] = -1;
  }
  const cold = { users, testAt, items, log, itemTestAt: lastTargetsOf(items, new Set(users), log, repeats) };
  return { ...split, cold };
}

function lastTargetsOf(
  cold: Int32Array,
  strangers: ReadonlySet<number>,
  log: InteractionLog,
  repeats: RepeatRule,
): Int32Array {
  const isCold = new Uint8Array(log.itemCount);
  for (const item of cold) isCold[item] = 1;
  const isTarget = markTargets(log, repeats);
  const found = new Int32Array(log.userCount).fill(-1);
  for (let user = 0; user < log.userCount; user++) {
    if (strangers.has(user)) continue;
    for (let at = log.offsets[user + 1] - 1; at > log.offsets[user] && found[user] < 0; at--) {
      if (isCold[log.items[at]] === 1 && isTarget?.[at] !== 0) found[user] = at;
    }
  }
  return found;
}

function occurring({ itemCount, items }: InteractionLog): Int32Array {
  const occurs = new Int32Array(itemCount);
  for (const item of items) occurs[item] = 1;
  return rowsWhere(occurs, (value) => value === 1);
}

function rowsWhere(values: Int32Array, holds: (value: number) => boolean): Int32Array {
  const rows: number[] = [];
  values.forEach((value, row) => {
    if (holds(value)) rows.push(row);
  });
  return Int32Array.from(rows);
}

function draw(rows: Int32Array, share: number, random: RandomStream): Int32Array {
  random.shuffle(rows);
  return rows.slice(0, Math.floor(share * rows.length)).sort();
}

function withoutItems(log: InteractionLog, dropped: Int32Array): InteractionLog {
  const isDropped = new Uint8Array(log.itemCount);
  for (const item of dropped) isDropped[item] = 1;
  const offsets = new Int32Array(log.userCount + 1);
  const positions = new Int32Array(log.items.length);
  let kept = 0;
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < log.offsets[user + 1]; at++) {
      if (isDropped[log.items[at]] === 0) positions[kept++] = at;
    }
    offsets[user + 1] = kept;
  }
  return takeEvents(log, offsets, positions.subarray(0, kept));
}
