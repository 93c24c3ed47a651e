import type { Catalogue, CatalogueField } from '@vector-recall/model-store';
import { contextWeight, type Parameter, typesWeight, weightName } from '@vector-recall/towers';
import { ContinuationError } from '../errors';

/** For each row of a new table, the row of the stored table with the same id or label; -1 where there is none. */
export type RowMap = Int32Array;

interface Ids {
  readonly kind: 'integer' | 'string';
  readonly size: number;
  idAt(row: number): number | string;
}

interface IdIndex extends Ids {
  rowOf(id: number | string): number | undefined;
}

/**
 * The row in `stored` of every id of `ids`, -1 where it has none. One id that is no number turns all ids of a log into
 * strings: `7` and `"7"` are then the same.
 */
export function rowsIn(stored: IdIndex, ids: Ids): RowMap {
  if (stored.kind !== ids.kind) {
    const rowOf = new Map(Array.from({ length: stored.size }, (_, row) => [String(stored.idAt(row)), row]));
    return Int32Array.from({ length: ids.size }, (_, row) => rowOf.get(String(ids.idAt(row))) ?? -1);
  }
  return Int32Array.from({ length: ids.size }, (_, row) => stored.rowOf(ids.idAt(row)) ?? -1);
}

/**
 * Finds for the embedding tables of a new model which rows of the stored model's tables they continue: ids by the
 * vocabularies, labels by their names.
 */
export class TableRows {
  readonly items: RowMap;
  /** Without the row of unknown users. */
  readonly users: RowMap;
  readonly #byTable: ReadonlyMap<string, RowMap>;

  constructor(stored: Catalogue, fresh: Catalogue) {
    this.items = rowsIn(stored.itemIds, fresh.itemIds);
    this.users = rowsIn(stored.userIds, fresh.userIds);
    this.#byTable = new Map([
      ...labelRows('item', stored.itemFields, fresh.itemFields),
      ...labelRows('user', stored.userFields, fresh.userFields),
      ...contextRows(stored.context, fresh.context),
      [typesWeight(), rowsOfNames(stored.eventTypes, fresh.eventTypes)] as const,
    ]);
  }

  /**
   * @param stored the table of the stored model
   * @param fresh the table of the same name in the new model
   * @throws ContinuationError where it is not known what the rows of the table stand for
   */
  of(stored: Parameter, fresh: Parameter): RowMap {
    const { name } = fresh;
    const labels = this.#byTable.get(name);
    if (labels !== undefined) return labels;
    const ids = name.startsWith('user.') ? this.users : this.items;
    // Tables by user end with the row of unknown users, which stays the last.
    const extra = fresh.shape[0] - ids.length;
    if (extra < 0) throw new ContinuationError(`The rows of the table ${name} are neither users nor items.`);
    const rows = new Int32Array(fresh.shape[0]).fill(-1);
    rows.set(ids);
    for (let n = 1; n <= extra; n++) rows[rows.length - n] = stored.shape[0] - n;
    return rows;
  }
}

/** The rows of the tables of label fields, by the names of the tables. */
function labelRows(
  tower: 'user' | 'item',
  stored: readonly CatalogueField[] = [],
  fresh: readonly CatalogueField[] = [],
): [string, RowMap][] {
  return fresh.flatMap((field): [string, RowMap][] => {
    const table = `${weightName(tower, field)}.table`;
    // The buckets of a text are the same in all data.
    if (field.kind === 'text') return [[table, Int32Array.from({ length: field.count }, (_, bucket) => bucket)]];
    if (!('labels' in field)) return [];
    const known = stored.find(({ kind, name }) => kind === field.kind && name === field.name);
    const labels = known !== undefined && 'labels' in known ? known.labels : [];
    return [[table, rowsOfNames(labels, field.labels)]];
  });
}

/** The rows of the tables of the context, by the names of the tables. */
function contextRows(stored: Catalogue['context'] = [], fresh: Catalogue['context'] = []): [string, RowMap][] {
  return fresh.map(({ name, labels }) => {
    const known = stored.find((part) => part.name === name)?.labels;
    return [contextWeight(name), rowsOfNames(known, labels)];
  });
}

/** The place of each name among the stored ones, -1 for new ones. */
function rowsOfNames(stored: readonly string[] = [], fresh: readonly string[] = []): RowMap {
  const rowOf = new Map(stored.map((name, row) => [name, row]));
  return Int32Array.from(fresh, (name) => rowOf.get(name) ?? -1);
}
