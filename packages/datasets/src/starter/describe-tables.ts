import { join } from 'node:path';
import { stringify } from 'yaml';
import { DatasetError } from '../errors';
import { guessColumn, guessUnit, numericColumns, valuesOf } from './guess-columns';
import type { PeekedTable } from './peek-table';

/** Columns that a person names, where their names tell nothing. */
export interface NamedColumns {
  readonly user?: string;
  readonly item?: string;
  readonly time?: string;
}

interface Log {
  readonly table: PeekedTable;
  readonly user: string;
  readonly item: string;
}

/**
 * Describes tables as `dataset.yaml` does: which one holds the events, and which ones the items and users.
 * @throws DatasetError where none of them looks like a log
 */
export function describeTables(
  folder: string,
  tables: readonly PeekedTable[],
  given: NamedColumns,
): { readonly description: string; readonly user?: string } {
  const log = findLog(folder, tables, given);
  const others = tables.filter((table) => table !== log.table);
  const items = others.find(
    (table) => idColumn(table, log.item, 'item') !== undefined && !table.columns.includes(log.user),
  );
  const users = others.find((table) => table !== items && idColumn(table, log.user, 'user') !== undefined);
  const sections = [
    describeLog(log, given),
    ...(items === undefined ? [] : [describeItems(items, log.item)]),
    ...(users === undefined ? [] : [describeUsers(users, log.user)]),
  ];
  const used = [log.table, items, users];
  const unused = tables.filter((table) => !used.includes(table)).map(({ file }) => file);
  const head = [
    '# What the columns of these files hold, guessed from their names and first rows. Check it before you train.',
    ...(unused.length === 0 ? [] : [`# Files that are not used: ${unused.join(', ')}`]),
  ];
  return {
    description: [...head, ...sections].join('\n'),
    user: valuesOf(log.table, log.user).find((value) => value !== ''),
  };
}

function findLog(folder: string, tables: readonly PeekedTable[], given: NamedColumns): Log {
  for (const table of tables) {
    const user = given.user ?? guessColumn('user', table.columns);
    const item = given.item ?? guessColumn('item', table.columns);
    if (user === undefined || item === undefined) continue;
    if (table.columns.includes(user) && table.columns.includes(item)) return { table, user, item };
  }
  const found = tables.map(({ file, columns }) => `${file} has ${columns.join(', ')}`).join('; ');
  throw new DatasetError(
    'DATASET_COLUMN_UNKNOWN',
    `no file has a column that looks like users and one that looks like items (${found}); name them, as in --user COLUMN --item COLUMN.`,
    { file: join(folder) },
  );
}

/** The column of a table that holds the ids of the log: of the same name, or one that is named like them. */
function idColumn({ file, columns }: PeekedTable, name: string, role: 'item' | 'user'): string | undefined {
  if (columns.includes(name)) return name;
  const guessed = guessColumn(role, columns);
  if (guessed !== undefined) return guessed;
  const isOfThem = (role === 'item' ? /item|product|movie|film|article|catalog|sku/i : /user|customer|member/i).test(
    file,
  );
  return isOfThem ? columns.find((column) => column.toLowerCase() === 'id') : undefined;
}

function describeLog({ table, user, item }: Log, given: NamedColumns): string {
  const time = given.time ?? guessColumn('time', table.columns);
  const unit = time === undefined ? undefined : guessUnit(valuesOf(table, time));
  const type = guessColumn('type', table.columns);
  const section = {
    ...fileOf(table),
    user,
    item,
    ...(time === undefined || unit === undefined ? {} : { timestamp: { column: time, unit } }),
  };
  const notes = [
    ...(unit === undefined
      ? ['  # No column looks like times; name one: timestamp: { column: COLUMN, unit: iso }']
      : []),
    ...(type === undefined || type === time ? [] : typeNotes(table, type)),
    ...unusedNotes(table, [user, item, time, type]),
  ];
  return `${stringify({ interactions: section })}${notes.map((note) => `${note}\n`).join('')}`;
}

/** What counts for how much is for a person to decide. */
function typeNotes(table: PeekedTable, type: string): string[] {
  const kinds = [...new Set(valuesOf(table, type))].filter((value) => value !== '');
  if (kinds.length < 2 || kinds.length > 20) return [];
  const weights = kinds.map((kind) => `${JSON.stringify(kind)}: 1`).join(', ');
  return [
    '  # Kinds of events and what each is worth; remove the # to use them, and name the one to recommend for:',
    `  # type: { column: ${JSON.stringify(type)}, weights: { ${weights} } }`,
    `  # target: ${JSON.stringify(kinds.at(-1))}`,
  ];
}

function describeItems(table: PeekedTable, logItem: string): string {
  const id = idColumn(table, logItem, 'item') ?? logItem;
  const rest = table.columns.filter((column) => column !== id);
  const name = guessColumn('name', rest);
  const category = guessColumn('category', rest);
  const tags = guessColumn('tags', rest);
  const features = numericColumns(table).filter((column) => ![id, name, category, tags].includes(column));
  const section = {
    ...fileOf(table),
    id,
    ...(name === undefined ? {} : { name }),
    ...(category === undefined ? {} : { category }),
    ...(tags === undefined ? {} : { tags: [tags] }),
    ...(features.length === 0 ? {} : { features }),
  };
  const notes = unusedNotes(table, [id, name, category, tags, ...features]);
  return `${stringify({ items: section })}${notes.map((note) => `${note}\n`).join('')}`;
}

function describeUsers(table: PeekedTable, logUser: string): string {
  const id = idColumn(table, logUser, 'user') ?? logUser;
  const features = numericColumns(table).filter((column) => column !== id);
  const section = { ...fileOf(table), id, ...(features.length === 0 ? {} : { features }) };
  const notes = unusedNotes(table, [id, ...features]);
  return `${stringify({ users: section })}${notes.map((note) => `${note}\n`).join('')}`;
}

function fileOf({ file, delimiter }: PeekedTable) {
  return delimiter === undefined ? { file } : { file, delimiter };
}

function unusedNotes({ columns }: PeekedTable, used: readonly (string | undefined)[]): string[] {
  const unused = columns.filter((column) => !used.includes(column));
  return unused.length === 0 ? [] : [`  # Columns that are not used: ${unused.join(', ')}`];
}
