import type { Catalogue } from './catalogue';
import type { CatalogueField } from './fields';

/** What a person calls an item. */
export interface ItemDescription {
  readonly id: number | string;
  readonly name?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** What is stored of an item for people to read: its name, the first category that it has, and its tags. */
export function describeItem({ itemIds, names, itemFields = [] }: Catalogue, row: number): ItemDescription {
  const name = names?.at(row);
  const category = itemFields.map((field) => categoryOf(field, row)).find((label) => label !== undefined);
  const tagFields = itemFields.filter((field) => field.kind === 'tags');
  const tags = tagFields.flatMap(({ labels, offsets, values }) =>
    Array.from(values.subarray(offsets[row], offsets[row + 1]), (tag) => labels[tag]),
  );
  return {
    id: itemIds.idAt(row),
    ...(name ? { name } : {}),
    ...(category === undefined ? {} : { category }),
    ...(tagFields.length === 0 ? {} : { tags }),
  };
}

/** The label of a category, the narrowest one of a path. */
function categoryOf(field: CatalogueField, row: number): string | undefined {
  if (field.kind === 'category') return field.labels[field.values[row]];
  if (field.kind !== 'path' || field.offsets[row + 1] === field.offsets[row]) return undefined;
  return field.labels[field.values[field.offsets[row + 1] - 1]];
}
