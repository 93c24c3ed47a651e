import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Dataset } from '../../dataset';
import { DatasetError } from '../../errors';
import { delimitedTable, type DelimitedFormat } from '../../tables/delimited-table';
import { exists, unreadable } from '../../tables/files';
import { TimeReader } from '../../tables/times';
import { idRowAt } from '../../tables/values';
import type { VocabularyBuilder } from '../../vocabulary/vocabulary-builder';
import type { LogLabels } from '../../log/log-builder';
import { DatasetBuilder } from '../dataset-builder';
import { describedRowAt, readRows, type ReadOptions, WITHOUT_ORDER } from '../reading';
import { AttributeCollector } from './attributes';
import { findField, readHeader } from './header';
import { findItemName, findUserName } from './name-field';

/** RecBole splits at tabs and knows no quoting. */
const ATOMIC: DelimitedFormat = { delimiter: '\t', quotes: false, encoding: 'utf8' };

/** Reads RecBole's atomic files: `NAME.inter`, and `NAME.user` and `NAME.item` where they are. */
export async function readRecBole(folder: string, options: ReadOptions): Promise<Dataset> {
  const name = await findName(folder);
  const builder = new DatasetBuilder();
  const users = await readAttributes(join(folder, `${name}.user`), 'user_id', builder, builder.users, options);
  if (users !== undefined) builder.usersAreDescribed();
  const items = await readAttributes(join(folder, `${name}.item`), 'item_id', builder, builder.items, options);
  if (items !== undefined) builder.itemsAreDescribed();
  const log = await readInteractions(join(folder, `${name}.inter`), builder, options);
  return builder.build({
    name,
    minUserInteractions: options.minUserInteractions,
    users: users && { numbers: users.toInputs(builder.users.size, builder.notes) },
    items: items?.toItemAttributes(builder.items.size, builder.notes),
    log,
  });
}

async function readInteractions(
  file: string,
  builder: DatasetBuilder,
  { onProgress }: ReadOptions,
): Promise<LogLabels> {
  const fields = await readHeader(file);
  const columns = [findField(fields, 'user_id', file).column, findField(fields, 'item_id', file).column];
  const time = fields.find((field) => field.name === 'timestamp');
  if (time !== undefined) columns.push(time.column);
  const times = new TimeReader({ unit: 's' });
  const notes = await readRows(
    delimitedTable(file, ATOMIC),
    columns,
    onProgress,
    (block, row) => {
      const user = idRowAt(block, row, 0, builder.users);
      const item = idRowAt(block, row, 1, builder.items);
      builder.log.push(user, item, time === undefined ? 0 : times.secondsAt(block, row, 2));
    },
    { required: columns.length },
  );
  builder.notes.push(...notes);
  if (time !== undefined) return { order: 'time' };
  builder.notes.push(`The log has no field timestamp; ${WITHOUT_ORDER}`);
  return { order: 'none' };
}

/** Reads the file if it is there. */
async function readAttributes(
  file: string,
  idField: string,
  builder: DatasetBuilder,
  vocabulary: VocabularyBuilder,
  { onProgress }: ReadOptions,
): Promise<AttributeCollector | undefined> {
  if (!(await exists(file))) return undefined;
  const fields = await readHeader(file);
  const id = findField(fields, idField, file);
  const others = fields.filter((field) => field !== id);
  const collector = new AttributeCollector(others, idField === 'user_id' ? findUserName(others) : findItemName(others));
  const columns = [id, ...others].map((field) => field.column);
  const notes = await readRows(delimitedTable(file, ATOMIC), columns, onProgress, (block, row) => {
    collector.take(block, row, describedRowAt(block, row, 0, vocabulary));
  });
  builder.notes.push(...notes);
  return collector;
}

/** The name of the dataset: that of the folder, or of the one `.inter` file in it. */
async function findName(folder: string): Promise<string> {
  let files: string[];
  try {
    files = await readdir(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
  const names = files.filter((file) => file.endsWith('.inter')).map((file) => file.slice(0, -'.inter'.length));
  const ofFolder = names.find((name) => name === basename(resolve(folder)));
  if (ofFolder !== undefined) return ofFolder;
  if (names.length === 1) return names[0];
  const found = names.length === 0 ? 'no .inter file' : `${names.length} .inter files (${names.sort().join(', ')})`;
  throw new DatasetError(
    'DATASET_LAYOUT_UNKNOWN',
    `this folder holds ${found}; give a folder with one, or with one named like the folder.`,
    { file: folder },
  );
}
