import type { Catalogue } from '@vector-recall/model-store';
import type { ItemDescription } from './recall';

/** What is stored of an item for people to read. */
export function describeItem({ itemIds, names, categories, tags }: Catalogue, row: number): ItemDescription {
  const name = names?.at(row);
  const category = categories?.labels[categories.values[row]];
  return {
    id: itemIds.idAt(row),
    ...(name ? { name } : {}),
    ...(category === undefined ? {} : { category }),
    ...(tags === undefined
      ? {}
      : {
          tags: Array.from(tags.values.subarray(tags.offsets[row], tags.offsets[row + 1]), (tag) => tags.labels[tag]),
        }),
  };
}
