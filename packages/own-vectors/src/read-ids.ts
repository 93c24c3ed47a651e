import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { IdTable, readIntegers, unreadable } from '@vector-recall/model-store';
import { OwnVectorsError } from './errors';

/** Ids by row of the vectors. */
export type ItemIds = IdTable<number> | IdTable<string>;

/** The numbers of the rows, where no other ids are given. */
export function rowNumbers(rows: number): ItemIds {
  return new IdTable(
    'ids',
    Array.from({ length: rows }, (_, row) => row),
    'integer',
  );
}

/**
 * Reads one id for each vector: integers from a .npy file, or text from a file of another name, one id a line.
 *
 * @throws ArtifactFileError, OwnVectorsError where a line is empty or there are more or fewer ids than vectors, and
 * CatalogueError where two are the same
 */
export async function readIds(file: string, rows: number): Promise<ItemIds> {
  if (extname(file) === '.npy') {
    const { shape, values } = await readIntegers(file);
    checkCount(file, shape.length === 1 ? values.length : 0, rows);
    return new IdTable(file, Array.from(values), 'integer');
  }
  const ids = await readLines(file);
  checkCount(file, ids.length, rows);
  return new IdTable(file, ids, 'string');
}

async function readLines(file: string): Promise<string[]> {
  const handle = await openText(file);
  const ids: string[] = [];
  // Closes the handle when it is done.
  for await (const line of handle.readLines({ encoding: 'utf8' })) {
    if (line === '') {
      throw new OwnVectorsError(
        file,
        `Line ${ids.length + 1} of ${file} is empty; each line must be the id of a vector.`,
      );
    }
    ids.push(line);
  }
  return ids;
}

async function openText(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function checkCount(file: string, ids: number, rows: number): void {
  if (ids === rows) return;
  throw new OwnVectorsError(
    file,
    `${file} holds ${ids} ids in a row, but there are ${rows} vectors; give one for each.`,
  );
}
