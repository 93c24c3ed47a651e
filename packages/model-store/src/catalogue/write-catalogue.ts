import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { writeLines } from '../jsonl/write-lines';
import { writeNpy } from '../npy/npy-writer';
import type { Catalogue, FeatureColumns, IdColumn } from './catalogue';
import { catalogueFormatVersion, type CatalogueMeta, type FeatureMeta } from './catalogue-meta';
import { checkCatalogue } from './check-catalogue';

/**
 * Writes a catalogue into a staged folder: ids and what a person reads as JSON lines, columns as .npy files.
 * @throws CatalogueError where its parts do not fit together
 */
export async function writeCatalogue(folder: string, catalogue: Catalogue): Promise<void> {
  checkCatalogue(catalogue);
  const { categories, tags, itemFeatures, userFeatures, history } = catalogue;
  const path = (file: keyof typeof artifactFiles): string => join(folder, artifactFiles[file]);

  await writeFile(path('catalogue'), `${JSON.stringify(metaOf(catalogue), null, 2)}\n`);
  await writeLines(path('users'), idsOf(catalogue.userIds));
  await writeLines(path('items'), itemLines(catalogue));
  await writeNpy(path('historyOffsets'), history.offsets);
  await writeNpy(path('historyItems'), history.items);
  if (categories !== undefined) await writeNpy(path('itemCategories'), categories.values);
  if (tags !== undefined) {
    await writeNpy(path('itemTagOffsets'), tags.offsets);
    await writeNpy(path('itemTags'), tags.values);
  }
  if (itemFeatures !== undefined) await writeFeatures(path('itemFeatures'), itemFeatures);
  if (userFeatures !== undefined) await writeFeatures(path('userFeatures'), userFeatures);
}

async function writeFeatures(file: string, { values, width }: FeatureColumns): Promise<void> {
  await writeNpy(file, values, [values.length / width, width]);
}

function metaOf({ userIds, itemIds, names, categories, tags, itemFeatures, userFeatures }: Catalogue): CatalogueMeta {
  return {
    formatVersion: catalogueFormatVersion,
    users: { kind: userIds.kind, count: userIds.size, features: featureMeta(userFeatures) },
    items: {
      kind: itemIds.kind,
      count: itemIds.size,
      named: names !== undefined,
      categories: categories && [...categories.labels],
      tags: tags && [...tags.labels],
      features: featureMeta(itemFeatures),
    },
  };
}

function featureMeta(features: FeatureColumns | undefined): FeatureMeta | undefined {
  if (features === undefined) return undefined;
  const { names, standardisation } = features;
  return {
    names: [...names],
    standardisation: standardisation && { mean: [...standardisation.mean], scale: [...standardisation.scale] },
  };
}

function* idsOf(ids: IdColumn): Generator<{ id: number | string }> {
  for (let row = 0; row < ids.size; row++) yield { id: ids.idAt(row) };
}

/** Category and tags are repeated here in words, for people and other programs; serving reads the columns. */
function* itemLines({ itemIds, names, categories, tags }: Catalogue): Generator<object> {
  for (let row = 0; row < itemIds.size; row++) {
    const name = names?.at(row);
    const category = categories?.labels[categories.values[row]];
    const ownTags = tags?.values.subarray(tags.offsets[row], tags.offsets[row + 1]);
    yield {
      id: itemIds.idAt(row),
      ...(name ? { name } : {}),
      ...(category === undefined ? {} : { category }),
      ...(tags !== undefined && ownTags !== undefined && ownTags.length > 0
        ? { tags: Array.from(ownTags, (tag) => tags.labels[tag]) }
        : {}),
    };
  }
}
