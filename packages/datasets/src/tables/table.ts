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
   * @throws DatasetError when the file is missing, malformed or lacks a column
   */
  read(columns: readonly string[], onBlock: (block: Block) => void): Promise<void>;
}

/** The places of the wanted columns among those that a file has. */
export function findColumns(file: string, available: readonly string[], wanted: readonly string[]): number[] {
  return wanted.map((column) => {
    const place = available.indexOf(column);
    if (place >= 0) return place;
    const near = suggest(column, [...available]);
    const hint = near === undefined ? `its columns are ${available.join(', ')}` : `did you mean ${near}?`;
    throw unknownColumn(file, column, hint);
  });
}

export function unknownColumn(file: string, column: string, hint: string): DatasetError {
  const end = hint.endsWith('?') ? '' : '.';
  return new DatasetError('DATASET_COLUMN_UNKNOWN', `there is no such column; ${hint}${end}`, { file, column });
}
