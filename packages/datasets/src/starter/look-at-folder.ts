import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../errors';
import { unreadable } from '../tables/files';
import { describeTables, type NamedColumns } from './describe-tables';
import { isTable, peekTable } from './peek-table';

/** What a folder of data was found to be. */
export interface StarterSource {
  /** As `--data` takes it. */
  readonly source: string;
  /** The text of a `dataset.yaml` that the folder needs; absent where it has one or needs none. */
  readonly description?: string;
  /** An id out of the log, for a first question. */
  readonly user?: string;
}

/**
 * Looks at the files of a folder, and describes them from the names of their columns and their first values.
 *
 * @param given columns that the caller names
 * @throws DatasetError where no file looks like a log; it says what to name
 */
export async function lookAtFolder(folder: string, given: NamedColumns = {}): Promise<StarterSource> {
  const files = await filesOf(folder);
  const has = (...wanted: readonly string[]): boolean => wanted.every((name) => files.includes(name));
  if (has('dataset.yaml')) return { source: `files:${folder}` };
  if (has('ratings.csv', 'movies.csv') || has('ratings.dat', 'movies.dat') || has('u.data', 'u.item')) {
    return { source: `movielens:${folder}` };
  }
  if (files.some((name) => name.endsWith('.inter'))) return { source: `recbole:${folder}` };
  const tables = files.filter(isTable);
  if (tables.length === 0) {
    throw new DatasetError(
      'DATASET_FILE_MISSING',
      'this folder holds no CSV, TSV, JSONL or Parquet files; give the folder that holds the log.',
      { file: folder },
    );
  }
  const peeked = [];
  for (const file of tables) peeked.push(await peekTable(join(folder, file)));
  return { source: `files:${folder}`, ...describeTables(folder, peeked, given) };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}
