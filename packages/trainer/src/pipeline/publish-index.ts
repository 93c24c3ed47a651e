import { copyFile, link, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HnswConfig } from '@vector-recall/core-config';
import { fileErrorOf } from '@vector-recall/core-config/files';
import type { SearchIndex } from '@vector-recall/hnsw-index';
import { type Artifact, artifactFiles, type ModelStore } from '@vector-recall/model-store';
import { z } from 'zod';
import type { IndexReport } from '../indexing/index-report';
import { openIndex, writeMetrics } from './publish';
import type { ArtifactReport } from './summary';

/** Written anew; the report page is left out, since it tells of the parent. */
const NOT_TAKEN_OVER = new Set<string>([
  artifactFiles.index,
  artifactFiles.indexMeta,
  artifactFiles.servingIndex,
  artifactFiles.metrics,
  artifactFiles.report,
]);

const metricsSchema = z.record(z.string(), z.unknown());

export interface NewIndex {
  readonly index: SearchIndex;
  readonly report: IndexReport;
  readonly hnsw: HnswConfig;
}

/** Publishes a version that shares everything but the index with its parent. */
export async function publishWithIndex(
  store: ModelStore,
  parent: Artifact,
  { index, report, hnsw }: NewIndex,
): Promise<ArtifactReport> {
  const { version, manifest } = parent;
  const staged = await store.stage();
  try {
    for (const file of Object.keys(manifest.files)) {
      if (!NOT_TAKEN_OVER.has(file)) await share(parent.path(file), join(staged.folder, file));
    }
    await index.save(staged.folder);
    if (parent.has(artifactFiles.metrics)) {
      const metrics = metricsSchema.parse(JSON.parse(await readFile(parent.path(artifactFiles.metrics), 'utf8')));
      await writeMetrics(staged, { ...metrics, index: report });
    }
    const { dims, counts, config, metrics, protocol } = manifest;
    const fields = { dims, counts, config: { ...config, hnsw }, metrics, protocol, parents: [version] };
    await store.publish(staged, fields, { check: openIndex });
    return { path: join(store.root, 'versions', staged.version), version: staged.version };
  } catch (error) {
    await staged.discard();
    throw fileErrorOf(store.root, 'written', error);
  }
}

/** Files of a published version never change, so two versions can hold the same one. */
async function share(from: string, to: string): Promise<void> {
  // Not every file system has links.
  await link(from, to).catch(() => copyFile(from, to));
}
