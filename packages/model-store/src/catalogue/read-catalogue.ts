import { z } from 'zod';
import { artifactFiles } from '../artifact-files';
import { CatalogueError } from '../errors';
import { readLines } from '../jsonl/read-lines';
import { readNpy } from '../npy/read-npy';
import { readVersionedJson } from '../read-json';
import type { Artifact } from '../store/artifact';
import { catalogueFormatVersion, catalogueMetaSchema, type CatalogueMeta } from './catalogue-meta';
import type { StoredCatalogue } from './catalogue-parts';
import { checkCatalogue } from './check-catalogue';
import { readFields } from './field-files';
import { IdTable } from './id-table';

const idSchemas = { integer: z.object({ id: z.int() }), string: z.object({ id: z.string() }) } as const;
const nameSchema = z.object({ name: z.string().default('') });

/**
 * Reads what {@link writeCatalogue} wrote.
 * @throws ArtifactFileError, CatalogueError
 */
export async function readCatalogue(artifact: Pick<Artifact, 'path'>): Promise<StoredCatalogue> {
  const path = (file: keyof typeof artifactFiles): string => artifact.path(artifactFiles[file]);
  const { users, items } = await readVersionedJson(path('catalogue'), catalogueMetaSchema, catalogueFormatVersion);
  const pathOf = (name: string): string => artifact.path(name);
  const int32 = async (file: keyof typeof artifactFiles): Promise<Int32Array> =>
    (await readNpy(path(file), 'int32')).values;

  const { ids: itemIds, names } = await readItems(path('items'), items);
  const catalogue: StoredCatalogue = {
    userIds: await readUsers(path('users'), users),
    itemIds,
    names,
    userFields: await readFields('user', users.fields, pathOf),
    itemFields: await readFields('item', items.fields, pathOf),
    context: users.context.map((part) => ({ ...part, count: part.labels.length })),
    ...(users.eventTypes && { eventTypes: users.eventTypes }),
    history: {
      offsets: await int32('historyOffsets'),
      items: await int32('historyItems'),
      ...(users.eventTypes && { types: await int32('historyTypes') }),
    },
  };
  checkCount('userIds', catalogue.userIds.size, users.count);
  checkCount('itemIds', catalogue.itemIds.size, items.count);
  checkCatalogue(catalogue);
  return catalogue;
}

async function readUsers(file: string, { kind }: CatalogueMeta['users']): Promise<StoredCatalogue['userIds']> {
  if (kind === 'integer') return new IdTable('userIds', await readIds(file, idSchemas.integer), kind);
  return new IdTable('userIds', await readIds(file, idSchemas.string), kind);
}

async function readIds<Id extends number | string>(file: string, schema: z.ZodType<{ id: Id }>): Promise<Id[]> {
  const ids: Id[] = [];
  for await (const block of readLines(file, schema)) for (const { id } of block) ids.push(id);
  return ids;
}

async function readItems(
  file: string,
  { kind, named }: CatalogueMeta['items'],
): Promise<{ ids: StoredCatalogue['itemIds']; names: string[] | undefined }> {
  const names: string[] = [];
  const collect = async <Id extends number | string>(schema: z.ZodType<{ id: Id; name: string }>): Promise<Id[]> => {
    const ids: Id[] = [];
    for await (const block of readLines(file, schema)) {
      for (const { id, name } of block) {
        ids.push(id);
        if (named) names.push(name);
      }
    }
    return ids;
  };
  const ids =
    kind === 'integer'
      ? new IdTable('itemIds', await collect(idSchemas.integer.extend(nameSchema.shape)), kind)
      : new IdTable('itemIds', await collect(idSchemas.string.extend(nameSchema.shape)), kind);
  return { ids, names: named ? names : undefined };
}

function checkCount(part: string, found: number, expected: number): void {
  if (found !== expected) {
    throw new CatalogueError(part, `${part} has ${found} rows, but the catalogue was written with ${expected}.`);
  }
}
