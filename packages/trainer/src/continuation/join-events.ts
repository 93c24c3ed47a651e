import type { ContextColumn, EventTypes, InteractionLog } from '@vector-recall/datasets';
import type { Histories } from '@vector-recall/model-store';
import { ContinuationError } from '../errors';

/** A type is one byte of an event. */
const MAX_TYPES = 256;

/** Histories of a stored catalogue, with the names of their types where they tell them. */
export interface PastEvents {
  readonly history: Histories;
  readonly eventTypes?: readonly string[];
}

/** For each row of the new data its row in the joined tables, and how many rows these have. */
export interface JoinedRows {
  readonly size: number;
  readonly rows: Int32Array;
}

/**
 * Each user's history and then their new events. Histories tell neither times nor context: their events count as old as the
 * first new one, and their context is unknown. They weigh what new events of their type weigh in the mean, else 1.
 *
 * @throws ContinuationError where both have too many types together
 */
export function joinEvents(
  past: PastEvents,
  fresh: InteractionLog,
  users: JoinedRows,
  items: JoinedRows,
): InteractionLog {
  const { offsets, events } = sequence(past.history, fresh, users);
  /** One value for each event of the joined log. */
  const fill = <Column extends Uint8Array | Int32Array | Float32Array | Float64Array>(
    column: Column,
    ofPast: (event: number) => number,
    ofFresh: (event: number) => number,
  ): Column => {
    events.forEach((event, at) => (column[at] = event < 0 ? ofFresh(-1 - event) : ofPast(event)));
    return column;
  };
  const firstTime = fresh.timestamps.reduce((least, time) => Math.min(least, time), Infinity);
  const types = fresh.types && joinTypes(past, fresh.types, fill);
  const { weights } = fresh;
  const ofTypes = weights && meanWeights(fresh.types, weights);
  const typeOfPast = (event: number): string | undefined => past.eventTypes?.[past.history.types?.[event] ?? -1];
  return {
    userCount: users.size,
    itemCount: items.size,
    offsets,
    items: fill(
      new Int32Array(events.length),
      (event) => past.history.items[event],
      (event) => items.rows[fresh.items[event]],
    ),
    timestamps: fill(
      new Float64Array(events.length),
      () => firstTime,
      (event) => fresh.timestamps[event],
    ),
    ...(weights && {
      weights: fill(
        new Float32Array(events.length),
        (event) => ofTypes?.get(typeOfPast(event) ?? '') ?? 1,
        (event) => weights[event],
      ),
    }),
    ...(types && { types }),
    ...(fresh.context && { context: fresh.context.map((column) => joinContext(column, events.length, fill)) }),
  };
}

type Fill = <Column extends Uint8Array | Int32Array>(
  column: Column,
  ofPast: (event: number) => number,
  ofFresh: (event: number) => number,
) => Column;

/** `events`: an event of the past as it is, an event n of the new data as -1 - n. */
function sequence(
  history: Histories,
  fresh: InteractionLog,
  users: JoinedRows,
): { offsets: Int32Array; events: Int32Array } {
  const freshUser = new Int32Array(users.size).fill(-1);
  users.rows.forEach((row, user) => (freshUser[row] = user));
  const events = new Int32Array(history.items.length + fresh.items.length);
  const offsets = new Int32Array(users.size + 1);
  let filled = 0;
  for (let user = 0; user < users.size; user++) {
    if (user + 1 < history.offsets.length) {
      for (let event = history.offsets[user]; event < history.offsets[user + 1]; event++) events[filled++] = event;
    }
    const from = freshUser[user];
    const end = from < 0 ? 0 : fresh.offsets[from + 1];
    for (let event = from < 0 ? 0 : fresh.offsets[from]; event < end; event++) events[filled++] = -1 - event;
    offsets[user + 1] = filled;
  }
  return { offsets, events };
}

/** The stored names first. Events of the past whose type is not known have the type of no name. */
function joinTypes({ history, eventTypes = [] }: PastEvents, fresh: EventTypes, fill: Fill): EventTypes {
  const names = [...eventTypes, ...fresh.names.filter((name) => !eventTypes.includes(name))];
  const isTold = history.types?.every((type) => type >= 0) === true;
  if (!isTold && !names.includes('')) names.push('');
  if (names.length > MAX_TYPES) {
    throw new ContinuationError(
      `The histories and the new data have ${names.length} types of events together, more than ${MAX_TYPES}; ` +
        'give --data of the whole log, with interactions.type.weights for those that count.',
    );
  }
  const rows = fresh.names.map((name) => names.indexOf(name));
  const nameless = names.indexOf('');
  const values = fill(
    new Uint8Array(history.items.length + fresh.values.length),
    (event) => {
      const type = history.types?.[event] ?? -1;
      return type < 0 ? nameless : type;
    },
    (event) => rows[fresh.values[event]],
  );
  const { target, inHistories } = fresh;
  return { names, values, ...(target !== undefined && { target: rows[target] }), ...(inHistories && { inHistories }) };
}

/** The mean weight of the events of each type, by its name; all events have the type of no name where none are told. */
function meanWeights(types: EventTypes | undefined, weights: Float32Array): ReadonlyMap<string, number> {
  if (types === undefined) return new Map();
  const sums = new Map<string, { sum: number; count: number }>();
  weights.forEach((weight, event) => {
    const name = types.names[types.values[event]];
    const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 };
    sums.set(name, { sum: sum + weight, count: count + 1 });
  });
  return new Map(Array.from(sums, ([name, { sum, count }]) => [name, sum / count] as const));
}

const joinContext = ({ name, labels, values }: ContextColumn, events: number, fill: Fill): ContextColumn => ({
  name,
  labels,
  values: fill(
    new Int32Array(events),
    () => -1,
    (event) => values[event],
  ),
});
