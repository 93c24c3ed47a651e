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
 * Reads one id for each vector: integers from a .npy file of shape `[rows]` or `[rows, 1]`, or text from a file of another name, one id a line.
 *
 * @throws ArtifactFileError, OwnVectorsError where a line is empty or there are more or fewer ids than vectors, and
 * CatalogueError where two are the same
 */
export async function readIds(file: string, rows: number): Promise<ItemIds> {
  if (extname(file) === '.npy') {
    const { shape, values } = await readIntegers(file);
    if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
      throw new OwnVectorsError(
        file,
        `${file} has the shape [${shape.join(', ')}], but it must have one id for each of the ${rows} vectors: [${rows}].`,
      );
    }
    checkCount(file, values.length, rows);
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
  for await (const text of handle.readLines({ encoding: 'utf8' })) {
    // A byte order mark is no part of the first id.
    const line = ids.length === 0 ? text.replace(/^\uFEFF/, '') : text;
    if (line === '') {
      throw new OwnVectorsError(
        file,
        `Line ${ids.length + 1} of ${file} is empty; each line must be the id of a vector.`,
      );
    }
    // What the decoder puts in the place of bytes that are not UTF-8: ids that differ there would become the same.
    if (line.includes('\uFFFD')) {
      throw new OwnVectorsError(file, `Line ${ids.length + 1} of ${file} is not UTF-8 text; save the file as UTF-8.`);
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
    `${file} holds ${ids} ids, but there are ${rows} vectors; give one id for each vector.`,
  );
}
