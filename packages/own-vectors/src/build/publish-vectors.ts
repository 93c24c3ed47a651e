import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorOf } from '@vector-recall/core-config/files';
import { openSearchIndex, type SearchIndex } from '@vector-recall/hnsw-index';
import { writeAttributes, type AttributeTable } from '@vector-recall/item-catalogue';
import {
  artifactFiles,
  IdTable,
  ModelStore,
  writeCatalogue,
  writeNpy,
  type Artifact,
} from '@vector-recall/model-store';
import type { ItemIds } from '../read-ids';
import type { VectorMatrix } from '../read-vectors';
import type { VectorIndexReport } from './build-vector-index';

/** Where the artifact lies. */
export interface PublishedVectors {
  readonly path: string;
  readonly version: string;
}

export interface VectorsContent {
  readonly items: VectorMatrix;
  readonly ids: ItemIds;
  readonly attributes?: AttributeTable;
  readonly index: SearchIndex;
  readonly report: VectorIndexReport;
}

/** Writes an artifact without towers and users aside, and makes it the current version at once or not at all. */
export async function publishVectors(
  root: string,
  { items, ids, attributes, index, report }: VectorsContent,
): Promise<PublishedVectors> {
  const store = new ModelStore(root);
  const staged = await store.stage();
  try {
    const { folder, version } = staged;
    await writeNpy(join(folder, artifactFiles.itemVectors), items.values, [items.rows, items.dim]);
    const nobody = { userIds: new IdTable('userIds', [], 'integer'), history: noHistories };
    await writeCatalogue(folder, { ...nobody, itemIds: ids });
    if (attributes !== undefined) await writeAttributes(folder, attributes);
    await index.save(folder);
    await writeFile(join(folder, artifactFiles.metrics), `${JSON.stringify({ index: report }, null, 2)}\n`);
    const { m, efConstruction, efSearch, targetRecall, space, float32 } = report;
    await store.publish(
      staged,
      {
        dims: { embedding: items.dim },
        counts: { users: 0, items: items.rows, interactions: 0 },
        config: { hnsw: { m, efConstruction, efSearch, targetRecall, space, float32 } },
        metrics: { index: report.recall },
      },
      { check: openIndex },
    );
    return { path: join(store.root, 'versions', version), version };
  } catch (error) {
    await staged.discard();
    throw fileErrorOf(store.root, 'written', error);
  }
}

/** As a reader will: the index verifies what it is made of. */
async function openIndex({ folder, has }: Artifact): Promise<void> {
  const { index } = await openSearchIndex(folder, { isListed: has });
  await index.close();
}

const noHistories = { offsets: Int32Array.of(0), items: new Int32Array(0) };
