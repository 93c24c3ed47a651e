import { mergeAttributes, type Attributes } from '../../columns/attributes';
import type { VocabularyBuilder } from '../../vocabulary/vocabulary-builder';
import type { FieldReader } from '../fields/field-reader';
import { readVectors } from '../fields/read-vectors';
import { describedRowAt, readRows, type ReadOptions } from '../reading';
import type { FieldsDescription } from './fields-description';
import { openTables } from './open-tables';
import type { TableDescription } from './table-description';

/** Where what is read goes. */
interface Target extends Pick<ReadOptions, 'onProgress'> {
  readonly vocabulary: VocabularyBuilder;
  readonly notes: string[];
}

/** Reads the users or items of a section, each row through all readers, and the vectors that the section names. */
export async function readDescribed(
  folder: string,
  description: TableDescription & Pick<FieldsDescription, 'vectors'> & { readonly id: string },
  readers: readonly FieldReader[],
  { vocabulary, notes, onProgress }: Target,
): Promise<Attributes> {
  const columns = [...new Set([description.id, ...readers.map(({ column }) => column)])];
  const places = readers.map(({ column }) => columns.indexOf(column));
  for (const table of openTables(folder, description)) {
    const found = await readRows(table, columns, onProgress, (block, row) => {
      const target = describedRowAt(block, row, 0, vocabulary);
      for (const [i, reader] of readers.entries()) reader.take(block, row, target, places[i]);
    });
    notes.push(...found);
  }
  const vectors = await Promise.all(description.vectors.map((part) => readVectors(folder, part)));
  return mergeAttributes([...readers.map((reader) => reader.build(vocabulary.size)), { vectors }]);
}
