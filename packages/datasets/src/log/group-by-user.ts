import type { InteractionLog } from '../dataset';

/** Events as they came, one array per column, all of one length. */
export interface EventColumns {
  /** User rows. */
  readonly users: Int32Array;
  /** Item rows. */
  readonly items: Int32Array;
  /** Seconds. */
  readonly timestamps: Float64Array;
}

export interface GroupOptions {
  readonly userCount: number;
  readonly itemCount: number;
  /** New row of each user row, -1 for users whose events are left out; without it rows stay as they are. */
  readonly newUserRows?: Int32Array;
}

/** Groups events by user and puts each user's in order of time; events of the same time keep their order. */
export function groupByUser(events: EventColumns, options: GroupOptions): InteractionLog {
  const { users } = events;
  const { userCount, itemCount, newUserRows } = options;
  const offsets = new Int32Array(userCount + 1);
  for (const user of users) {
    const row = newUserRows === undefined ? user : newUserRows[user];
    if (row >= 0) offsets[row + 1]++;
  }
  for (let user = 0; user < userCount; user++) offsets[user + 1] += offsets[user];

  const items = new Int32Array(offsets[userCount]);
  const timestamps = new Float64Array(offsets[userCount]);
  const next = offsets.slice(0, userCount);
  for (let event = 0; event < users.length; event++) {
    const row = newUserRows === undefined ? users[event] : newUserRows[users[event]];
    if (row < 0) continue;
    const place = next[row]++;
    items[place] = events.items[event];
    timestamps[place] = events.timestamps[event];
  }
  for (let user = 0; user < userCount; user++) {
    const from = offsets[user];
    const to = offsets[user + 1];
    if (!isSorted(timestamps, from, to)) sortByTime(items.subarray(from, to), timestamps.subarray(from, to));
  }
  return { userCount, itemCount, offsets, items, timestamps };
}

function isSorted(values: Float64Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] < values[i - 1]) return false;
  return true;
}

/** Sorts one user's events in place. */
function sortByTime(items: Int32Array, timestamps: Float64Array): void {
  const order = packedOrder(timestamps) ?? comparedOrder(timestamps);
  const itemsBefore = items.slice();
  const timestampsBefore = timestamps.slice();
  order.forEach((from, to) => {
    items[to] = itemsBefore[from];
    timestamps[to] = timestampsBefore[from];
  });
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
