import { basename } from 'node:path';
import type { LoadProgress } from '../dataset';
import { DatasetError } from '../errors';
import { CellError, CellFaults } from '../tables/cell-error';
import type { Block, Table } from '../tables/table';
import { idRowAt, isMissingAt } from '../tables/values';
import type { VocabularyBuilder } from '../vocabulary/vocabulary-builder';

/** What a reader is told besides where to read. */
export interface ReadOptions {
  /** Users with fewer events are left out. */
  readonly minUserInteractions: number;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What is said of a log without times. */
export const WITHOUT_ORDER =
  'the events of a user are taken in an order drawn by the seed, and the last ones are held out.';

/**
 * Reads a table and tells how far it is. Rows without a value in one of the first `required` columns, which hold ids
 * and times, are excluded; bad values are collected, so that one error tells of all of them.
 *
 * @returns a sentence for each thing that was excluded or that a person should look at
 * @throws DatasetError when the table can't be read, or when `onRow` threw for some of its cells
 */
export async function readRows(
  table: Table,
  columns: readonly string[],
  onProgress: ReadOptions['onProgress'],
  onRow: (block: Block, row: number) => void,
  { required = 1 }: { readonly required?: number } = {},
): Promise<string[]> {
  const stage = `reading ${basename(table.file)}`;
  const faults = new CellFaults();
  const incomplete = new IncompleteRows(table.file, columns.slice(0, required));
  let rows = 0;
  onProgress?.({ stage, rows });
  const notes = await table.read(columns, (block) => {
    for (let row = 0; row < block.count; row++) {
      if (incomplete.has(block, row)) continue;
      try {
        onRow(block, row);
      } catch (error) {
        if (!(error instanceof CellError)) throw error;
        faults.add(error);
      }
    }
    rows += block.count;
    onProgress?.({ stage, rows });
  });
  faults.throwIfAny();
  return [...notes, ...incomplete.notes()];
}

/** Spellings of a missing value that a note shows. */
const SHOWN_SPELLINGS = 3;

/** Counts the rows that lack an id or a time. */
class IncompleteRows {
  readonly #columns: readonly { readonly name: string; count: number; firstLine?: number; spellings: Set<string> }[];

  constructor(
    private readonly file: string,
    columns: readonly string[],
  ) {
    this.#columns = columns.map((name) => ({ name, count: 0, spellings: new Set() }));
  }

  has(block: Block, row: number): boolean {
    const missing = this.#columns.findIndex((_, column) => isMissingAt(block, row, column));
    if (missing < 0) return false;
    const column = this.#columns[missing];
    column.firstLine ??= block.place(row, missing).line;
    column.count++;
    const value = block.cell(row, missing);
    if (typeof value === 'string' && value.trim() !== '') column.spellings.add(value.trim());
    return true;
  }

  notes(): string[] {
    return this.#columns.flatMap(({ name, count, firstLine, spellings }) => {
      if (count === 0) return [];
      const shown = [...spellings].slice(0, SHOWN_SPELLINGS).join(', ');
      const written = shown === '' ? '' : ` (${shown})`;
      return [
        `${count} rows of ${basename(this.file)} have no ${name}${written}, the first on line ${firstLine}; they are excluded.`,
      ];
    });
  }
}

/** The row of an id that a description gives, which must not have been described before. */
export function describedRowAt(block: Block, row: number, column: number, vocabulary: VocabularyBuilder): number {
  const known = vocabulary.size;
  const described = idRowAt(block, row, column, vocabulary);
  if (described === known) return described;
  throw new DatasetError(
    'DATASET_DUPLICATE_ROW',
    `the ${vocabulary.noun} ${String(block.cell(row, column))} has been described before; keep one row for each.`,
    block.place(row, column),
  );
}
