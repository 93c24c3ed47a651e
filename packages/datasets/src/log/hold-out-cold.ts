import { RandomStream } from '@vector-recall/random';
import type { InteractionLog } from '../dataset';
import { splitLeaveLastOut, type Split } from './split-leave-last-out';

/** Users and items that training never sees. */
export interface ColdRows {
  /** User rows, ascending: each has a last event to be judged by, and none that is trained on. */
  readonly users: Int32Array;
  /** Item rows, ascending: none of their events is in the log of the split. */
  readonly items: Int32Array;
  /** The log with the events of the cold items. */
  readonly log: InteractionLog;
}

/**
 * Splits as {@link splitLeaveLastOut} does, with some users and items held wholly out. The events of cold items are
 * taken out of the log before it is split, those of cold users out of what is trained, validated and tested on.
 *
 * @param shares of the users that can be judged and of the items that occur, in [0, 1)
 * @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when no user is left to test on
 */
export function holdOutCold(log: InteractionLog, shares: { users: number; items: number }, seed: number): Split {
  if (shares.users === 0 && shares.items === 0) return splitLeaveLastOut(log);
  const items = draw(occurring(log), shares.items, new RandomStream(seed, 'cold items'));
  const split = splitLeaveLastOut(items.length === 0 ? log : withoutItems(log, items));
  const users = draw(
    rowsWhere(split.test, (item) => item >= 0),
    shares.users,
    new RandomStream(seed, 'cold users'),
  );
  for (const user of users) {
    split.trainEnd[user] = split.log.offsets[user];
    split.validation[user] = -1;
    split.test[user] = -1;
  }
  return { ...split, cold: { users, items, log } };
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
  const items = new Int32Array(log.items.length);
  const timestamps = new Float64Array(log.items.length);
  let kept = 0;
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < log.offsets[user + 1]; at++) {
      if (isDropped[log.items[at]] === 1) continue;
      items[kept] = log.items[at];
      timestamps[kept++] = log.timestamps[at];
    }
    offsets[user + 1] = kept;
  }
  return { ...log, offsets, items: items.slice(0, kept), timestamps: timestamps.slice(0, kept) };
}
