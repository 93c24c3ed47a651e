import type { InteractionLog } from '../dataset';
import { type EventColumns, takeColumns } from './event-columns';

/** Events as they came, all columns of one length. */
export interface UserEvents extends EventColumns {
  /** User rows. */
  readonly users: Int32Array;
}

export interface GroupOptions {
  readonly userCount: number;
  readonly itemCount: number;
  /** New row of each user row, -1 for users whose events are left out; without it rows stay as they are. */
  readonly newUserRows?: Int32Array;
}

/** Groups events by user and puts each user's in order of time; events of the same time keep their order. */
export function groupByUser(events: UserEvents, options: GroupOptions): InteractionLog {
  const { users, timestamps } = events;
  const { userCount, itemCount, newUserRows } = options;
  const offsets = new Int32Array(userCount + 1);
  for (const user of users) {
    const row = newUserRows === undefined ? user : newUserRows[user];
    if (row >= 0) offsets[row + 1]++;
  }
  for (let user = 0; user < userCount; user++) offsets[user + 1] += offsets[user];

  const positions = new Int32Array(offsets[userCount]);
  const next = offsets.slice(0, userCount);
  for (let event = 0; event < users.length; event++) {
    const row = newUserRows === undefined ? users[event] : newUserRows[users[event]];
    if (row >= 0) positions[next[row]++] = event;
  }
  for (let user = 0; user < userCount; user++) {
    sortByTime(positions.subarray(offsets[user], offsets[user + 1]), timestamps);
  }
  return { userCount, itemCount, offsets, ...takeColumns(events, positions) };
}

/** Sorts the positions of one user's events in place. */
function sortByTime(positions: Int32Array, timestamps: Float64Array): void {
  if (isSorted(positions, timestamps)) return;
  const times = Float64Array.from(positions, (at) => timestamps[at]);
  const before = positions.slice();
  const order = packedOrder(times) ?? comparedOrder(times);
  order.forEach((from, to) => (positions[to] = before[from]));
}

function isSorted(positions: Int32Array, timestamps: Float64Array): boolean {
  for (let n = 1; n < positions.length; n++) {
    if (timestamps[positions[n]] < timestamps[positions[n - 1]]) return false;
  }
  return true;
}

/**
 * The stable order of whole seconds: time and place in one number, which sorts natively and several times faster than
 * by a comparison function. `undefined` where they do not fit into 53 bits together.
 */
function packedOrder(timestamps: Float64Array): Int32Array | undefined {
  const n = timestamps.length;
  let first = Infinity;
  let last = -Infinity;
  for (const time of timestamps) {
    if (!Number.isInteger(time)) return undefined;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if ((last - first + 1) * n > Number.MAX_SAFE_INTEGER) return undefined;
  const keys = timestamps.map((time, place) => (time - first) * n + place).sort();
  return Int32Array.from(keys, (key) => key % n);
}

function comparedOrder(timestamps: Float64Array): Int32Array {
  // Array.prototype.sort and its typed twin are stable, so equal times keep their order.
  return Int32Array.from(timestamps, (_, place) => place).sort((a, b) => timestamps[a] - timestamps[b]);
}
