import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { writeLines } from '../jsonl/write-lines';
import { writeNpy } from '../npy/npy-writer';
import type { Catalogue, IdColumn } from './catalogue';
import { catalogueFormatVersion, type CatalogueMeta } from './catalogue-meta';
import { checkCatalogue } from './check-catalogue';
import { describeItem } from './describe-item';
import { fieldMeta, writeFields } from './field-files';

/**
 * Writes a catalogue into a staged folder: ids and what a person reads as JSON lines, columns as .npy files.
 * @throws CatalogueError where its parts do not fit together
 */
export async function writeCatalogue(folder: string, catalogue: Catalogue): Promise<void> {
  checkCatalogue(catalogue);
  const { userFields = [], itemFields = [], history } = catalogue;
  const path = (file: keyof typeof artifactFiles): string => join(folder, artifactFiles[file]);

  await writeFile(path('catalogue'), `${JSON.stringify(metaOf(catalogue), null, 2)}\n`);
  await writeLines(path('users'), idsOf(catalogue.userIds));
  await writeLines(path('items'), itemLines(catalogue));
  await writeNpy(path('historyOffsets'), history.offsets);
  await writeNpy(path('historyItems'), history.items);
  if (history.types !== undefined) await writeNpy(path('historyTypes'), history.types);
  await writeFields('user', userFields, (name) => join(folder, name));
  await writeFields('item', itemFields, (name) => join(folder, name));
}

function metaOf(catalogue: Catalogue): CatalogueMeta {
  const { userIds, itemIds, names, userFields = [], itemFields = [], context = [], eventTypes } = catalogue;
  return {
    formatVersion: catalogueFormatVersion,
    users: {
      kind: userIds.kind,
      count: userIds.size,
      fields: userFields.map(fieldMeta),
      context: context.map(({ name, labels }) => ({ name, labels: [...labels] })),
      ...(eventTypes && { eventTypes: [...eventTypes] }),
    },
    items: {
      kind: itemIds.kind,
      count: itemIds.size,
      named: names !== undefined,
      fields: itemFields.map(fieldMeta),
    },
  };
}

function* idsOf(ids: IdColumn): Generator<{ id: number | string }> {
  for (let row = 0; row < ids.size; row++) yield { id: ids.idAt(row) };
}

/** Category and tags are repeated here in words, for people and other programs; serving reads the fields. */
function* itemLines(catalogue: Catalogue): Generator<object> {
  for (let row = 0; row < catalogue.itemIds.size; row++) {
    const { tags = [], ...item } = describeItem(catalogue, row);
    yield tags.length === 0 ? item : { ...item, tags };
  }
}
