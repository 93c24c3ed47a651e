import { CategoryBuilder, TagBuilder } from '../../columns/labels';
import { labelsAt, textAt } from '../../tables/values';
import { ownText } from '../../vocabulary/vocabulary-builder';
import type { DatasetBuilder, ItemAttributes } from '../dataset-builder';
import { describedRowAt, readRows, type ReadOptions } from '../reading';
import type { ItemsDescription } from './description';
import { FeatureReader } from './feature-reader';
import { openTables } from './open-tables';

/** Reads the items that a description names; the result gives their attributes for a catalogue of a given size. */
export async function readItems(
  folder: string,
  description: ItemsDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<(itemCount: number) => ItemAttributes> {
  const { id, name, category, features } = description;
  const tagColumns = description.tags === undefined ? [] : [description.tags].flat();
  const columns = [id, ...features.map((feature) => feature.column)];
  const firstTag = columns.push(...tagColumns.map((tags) => tags.column)) - tagColumns.length;
  const nameAt = name === undefined ? -1 : columns.push(name) - 1;
  const categoryAt = category === undefined ? -1 : columns.push(category) - 1;

  const numbers = new FeatureReader(features);
  const categories = new CategoryBuilder();
  const tags = new TagBuilder();
  const names: string[] = [];
  for (const table of openTables(folder, description)) {
    await readRows(table, columns, onProgress, (block, row) => {
      const item = describedRowAt(block, row, 0, builder.items);
      numbers.take(block, row, 1);
      tagColumns.forEach(({ separator }, index) => {
        for (const label of labelsAt(block, row, firstTag + index, separator)) tags.add(item, label);
      });
      if (name !== undefined) names.push(ownText(textAt(block, row, nameAt)));
      if (category !== undefined) categories.set(item, textAt(block, row, categoryAt));
    });
  }
  builder.itemsAreDescribed();
  return (itemCount) => ({
    ...(name === undefined ? {} : { names }),
    categories: categories.build(itemCount),
    tags: tags.build(itemCount),
    features: numbers.build(),
  });
}
