import { suggest } from '@vector-recall/core-config';
import { DatasetError, type Place } from '../errors';

/** Some rows of a table, valid only while the callback that got them runs. */
export interface Block {
  readonly count: number;
  /**
   * Text formats know text only, and `17` may be a number; the others say what a value is, and `"17"` is a string.
   */
  readonly isText: boolean;
  /** A value by row in [0, count) and by place among the columns asked for; `undefined`, `null` or `''` when missing. */
  cell(row: number, column: number): unknown;
  /** Where a value stands, for an error about it. */
  place(row: number, column: number): Place;
}

/** A file of rows and named columns, read once from front to back. */
export interface Table {
  readonly file: string;
  /**
   * Hands over the rows, block by block.
   * @returns a sentence for each thing in the file that a person should look at
   * @throws DatasetError when the file is missing, malformed or lacks a column
   */
  read(columns: readonly string[], onBlock: (block: Block) => void): Promise<readonly string[]>;
}

/**
 * The places of the wanted columns among those that a file has.
 * @throws DatasetError when it lacks some of them, which are all named, or has one twice
 */
export function findColumns(file: string, available: readonly string[], wanted: readonly string[]): number[] {
  const unknown = [...new Set(wanted)].filter((column) => !available.includes(column));
  if (unknown.length > 0) throw unknownColumns(file, available, unknown);
  const twice = wanted.find((column) => available.indexOf(column) !== available.lastIndexOf(column));
  if (twice !== undefined) {
    throw new DatasetError('DATASET_COLUMN_UNKNOWN', 'the file has two columns of this name; rename one of them.', {
      file,
      column: twice,
    });
  }
  return wanted.map((column) => available.indexOf(column));
}

function unknownColumns(file: string, available: readonly string[], unknown: readonly string[]): DatasetError {
  const hints = unknown.map((column) => ({ column, near: suggest(column, [...available]) }));
  const [{ column, near }, ...others] = hints;
  if (others.length === 0) {
    return unknownColumn(
      file,
      column,
      near === undefined ? `its columns are ${available.join(', ')}` : `did you mean ${near}?`,
    );
  }
  const named = hints.map((hint) =>
    hint.near === undefined ? hint.column : `${hint.column} (did you mean ${hint.near}?)`,
  );
  const message = `these columns do not exist: ${named.join(', ')}; its columns are ${available.join(', ')}.`;
  return new DatasetError('DATASET_COLUMN_UNKNOWN', message, { file, column });
}

export function unknownColumn(file: string, column: string, hint: string): DatasetError {
  const end = hint.endsWith('?') ? '' : '.';
  return new DatasetError('DATASET_COLUMN_UNKNOWN', `there is no such column; ${hint}${end}`, { file, column });
}
