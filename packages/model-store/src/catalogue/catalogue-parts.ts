import type { Catalogue } from './catalogue';
import { idTableOf, type IdTable, type IdTableParts } from './id-table';
import { PackedStrings, type PackedStringsParts } from './packed-strings';

/** A catalogue whose ids can be taken apart, as `readCatalogue` gives it. */
export interface StoredCatalogue extends Catalogue {
  readonly userIds: IdTable<number> | IdTable<string>;
  readonly itemIds: IdTable<number> | IdTable<string>;
  readonly names?: readonly string[];
}

/**
 * A catalogue as plain data in few large buffers, so that a thread can read it and hand it over to the one that serves,
 * which takes it up without a look at each of its entries.
 */
export interface CatalogueParts extends Omit<Catalogue, 'userIds' | 'itemIds' | 'names'> {
  readonly userIds: IdTableParts;
  readonly itemIds: IdTableParts;
  readonly names?: PackedStringsParts;
}

export function takeApart({ userIds, itemIds, names, ...columns }: StoredCatalogue): CatalogueParts {
  return {
    ...columns,
    userIds: userIds.toParts(),
    itemIds: itemIds.toParts(),
    names: names && PackedStrings.of(names).toParts(),
  };
}

export function putTogether({ userIds, itemIds, names, ...columns }: CatalogueParts): Catalogue {
  return {
    ...columns,
    userIds: idTableOf('userIds', userIds),
    itemIds: idTableOf('itemIds', itemIds),
    names: names && new PackedStrings(names),
  };
}
