import type { Dataset, InteractionLog, Vocabulary } from '@vector-recall/datasets';
import type { AttributeTable } from '@vector-recall/item-catalogue';
import { type Catalogue, type IdColumn, IdTable } from '@vector-recall/model-store';
import { ContinuationError } from '../errors';
import { appendQuantities } from './append-quantities';
import { appendRows } from './append-rows';

/** The ids of a stored catalogue with those of new data behind them. */
interface JoinedIds {
  readonly vocabulary: Vocabulary;
  /** `[new rows]` the joined row of each row of the new data. */
  readonly rows: Int32Array;
  /** The rows of the new data that the catalogue does not have, in the order in which they were appended. */
  readonly appended: Int32Array;
}

/** A stored catalogue with the attributes of its items. */
export interface PastCatalogue extends Catalogue {
  readonly attributes: AttributeTable;
}

/**
 * A dataset of the histories and the catalogue of a published version, followed by new events. Users and items that the
 * version has keep what it knows of them; new ones bring their own fields.
 *
 * @throws ContinuationError where the histories can't stand for the events that the new data has
 */
export function followHistories(past: PastCatalogue, version: string, fresh: Dataset): Dataset {
  if (fresh.interactions.types !== undefined) {
    throw new ContinuationError(
      `The histories of ${version} don't say when each event was and how much its type counted, which ${fresh.name} does; ` +
        'give --data of the whole log and leave --history-from out.',
    );
  }
  const users = joinIds('user', past.userIds, version, fresh.users.vocabulary);
  const items = joinIds('item', past.itemIds, version, fresh.items.vocabulary);
  const ofUsers = appendRows(past.userFields ?? [], fresh.users.fields, {
    appended: users.appended,
    freshRows: fresh.users.vocabulary.size,
    owner: 'user',
  });
  const ofItems = appendRows(past.itemFields ?? [], fresh.items.fields, {
    appended: items.appended,
    freshRows: fresh.items.vocabulary.size,
    owner: 'item',
  });
  const { names } = fresh.items;
  return {
    name: fresh.name,
    users: { vocabulary: users.vocabulary, fields: ofUsers.fields },
    items: {
      vocabulary: items.vocabulary,
      names: joinNames(past, names, items.appended),
      fields: ofItems.fields,
      quantities: appendQuantities(past.attributes, fresh.items.quantities ?? [], items.appended),
    },
    interactions: joinEvents(past, fresh.interactions, users, items),
    ...(fresh.repeats === undefined ? {} : { repeats: fresh.repeats }),
    notes: [
      ...fresh.notes,
      ...ofUsers.notes,
      ...ofItems.notes,
      `${fresh.interactions.items.length} new events follow the ${past.history.items.length} in the histories of ${version}.`,
    ],
  };
}

function joinIds(owner: string, stored: IdColumn, version: string, fresh: Vocabulary): JoinedIds {
  const { kind } = stored;
  const ids: (number | string)[] = Array.from({ length: stored.size }, (_, row) => stored.idAt(row));
  const rows = new Int32Array(fresh.size);
  const appended: number[] = [];
  for (let row = 0; row < fresh.size; row++) {
    const given = fresh.idAt(row);
    const id = kind === 'string' ? String(given) : given;
    if (typeof id === 'string' && kind === 'integer') {
      throw new ContinuationError(
        `The ${owner} ids of ${version} are whole numbers, but the new data has "${id}"; ` +
          'give --data of the whole log and leave --history-from out.',
      );
    }
    const known = stored.rowOf(id);
    rows[row] = known ?? ids.push(id) - 1;
    if (known === undefined) appended.push(row);
  }
  return { vocabulary: new IdTable(`${owner} ids`, ids, kind), rows, appended: Int32Array.from(appended) };
}

function joinNames(past: Catalogue, fresh: readonly string[] | undefined, appended: Int32Array): string[] | undefined {
  if (past.names === undefined && fresh === undefined) return undefined;
  return [
    ...Array.from({ length: past.itemIds.size }, (_, row) => past.names?.at(row) ?? ''),
    ...Array.from(appended, (row) => fresh?.[row] ?? ''),
  ];
}

/** Each user's history and then their new events; histories have no times and count as of the first new one. */
function joinEvents(
  { userIds, history }: Catalogue,
  fresh: InteractionLog,
  users: JoinedIds,
  items: JoinedIds,
): InteractionLog {
  const userCount = users.vocabulary.size;
  const freshUser = new Int32Array(userCount).fill(-1);
  users.rows.forEach((row, user) => (freshUser[row] = user));
  const events = history.items.length + fresh.items.length;
  const offsets = new Int32Array(userCount + 1);
  const itemRows = new Int32Array(events);
  const firstTime = fresh.timestamps.reduce((least, time) => Math.min(least, time), Infinity);
  const timestamps = new Float64Array(events).fill(firstTime);
  const weights = fresh.weights && new Float32Array(events).fill(1);
  let filled = 0;
  for (let user = 0; user < userCount; user++) {
    if (user < userIds.size) {
      const had = history.items.subarray(history.offsets[user], history.offsets[user + 1]);
      itemRows.set(had, filled);
      filled += had.length;
    }
    const from = freshUser[user];
    const end = from < 0 ? 0 : fresh.offsets[from + 1];
    for (let at = from < 0 ? 0 : fresh.offsets[from]; at < end; at++) {
      itemRows[filled] = items.rows[fresh.items[at]];
      timestamps[filled] = fresh.timestamps[at];
      if (weights !== undefined && fresh.weights !== undefined) weights[filled] = fresh.weights[at];
      filled++;
    }
    offsets[user + 1] = filled;
  }
  const itemCount = items.vocabulary.size;
  return { userCount, itemCount, offsets, items: itemRows, timestamps, ...(weights === undefined ? {} : { weights }) };
}
