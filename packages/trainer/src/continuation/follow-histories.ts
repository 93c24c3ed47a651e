import type { Dataset, Vocabulary } from '@vector-recall/datasets';
import type { AttributeTable } from '@vector-recall/item-catalogue';
import { type Catalogue, type IdColumn, IdTable } from '@vector-recall/model-store';
import { ContinuationError } from '../errors';
import { appendQuantities } from './append-quantities';
import { appendRows } from './append-rows';
import { joinEvents, type JoinedRows } from './join-events';

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
 * @throws ContinuationError where the ids of the new data are of another kind
 */
export function followHistories(past: PastCatalogue, version: string, fresh: Dataset): Dataset {
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
    interactions: joinEvents(past, fresh.interactions, rowsOf(users), rowsOf(items)),
    ...(fresh.repeats === undefined ? {} : { repeats: fresh.repeats }),
    notes: [
      ...fresh.notes,
      ...ofUsers.notes,
      ...ofItems.notes,
      `${fresh.interactions.items.length} new events follow the ${past.history.items.length} in the histories of ${version}.`,
    ],
  };
}

const rowsOf = ({ vocabulary, rows }: JoinedIds): JoinedRows => ({ size: vocabulary.size, rows });

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
