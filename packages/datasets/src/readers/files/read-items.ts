import type { Attributes } from '../../columns/attributes';
import type { DatasetBuilder } from '../dataset-builder';
import { CategoryReader } from '../fields/category-reader';
import { createFieldReaders } from '../fields/create-field-readers';
import { NameReader } from '../fields/name-reader';
import type { ReadOptions } from '../reading';
import type { ItemsDescription } from './description';
import { readDescribed } from './read-described';

/** Reads the items that a description names. */
export async function readItems(
  folder: string,
  description: ItemsDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<Attributes> {
  const { name, category } = description;
  const readers = [
    ...(name === undefined ? [] : [new NameReader(name)]),
    ...(category === undefined ? [] : [new CategoryReader(category)]),
    ...createFieldReaders(description),
  ];
  const attributes = await readDescribed(folder, description, readers, {
    vocabulary: builder.items,
    notes: builder.notes,
    onProgress,
  });
  builder.itemsAreDescribed();
  return attributes;
}
