import { basename } from 'node:path';
import type { LoadProgress } from '../dataset';
import { DatasetError } from '../errors';
import type { Block, Table } from '../tables/table';
import { idRowAt } from '../tables/values';
import type { VocabularyBuilder } from '../vocabulary/vocabulary-builder';

/** What a reader is told besides where to read. */
export interface ReadOptions {
  /** Users with fewer events are left out. */
  readonly minUserInteractions: number;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Reads a table and tells how far it is. */
export async function readRows(
  table: Table,
  columns: readonly string[],
  onProgress: ReadOptions['onProgress'],
  onRow: (block: Block, row: number) => void,
): Promise<void> {
  const stage = `reading ${basename(table.file)}`;
  let rows = 0;
  onProgress?.({ stage, rows });
  await table.read(columns, (block) => {
    for (let row = 0; row < block.count; row++) onRow(block, row);
    rows += block.count;
    onProgress?.({ stage, rows });
  });
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
