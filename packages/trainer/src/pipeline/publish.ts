import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { SearchIndex } from '@vector-recall/hnsw-index';
import {
  artifactFiles,
  type Catalogue,
  type ManifestFields,
  ModelStore,
  type StagedArtifact,
  writeCatalogue,
  writeNpy,
} from '@vector-recall/model-store';
import type { TwoTowerModel } from '@vector-recall/towers';
import type { EncodedVectors } from './encode-all';
import type { TrainSummary } from './summary';

/** What serving reads, all of one training. */
export interface ArtifactContent {
  readonly model: TwoTowerModel;
  readonly catalogue: Catalogue;
  readonly vectors: EncodedVectors;
  readonly index: SearchIndex;
}

/** Writes all files of an artifact aside, and makes them the current version at once or not at all. */
export async function publishArtifact(
  config: VectorRecallConfig,
  content: ArtifactContent,
  measured: Omit<TrainSummary, 'artifact'>,
  renderReport?: (summary: TrainSummary) => string,
): Promise<TrainSummary> {
  const store = new ModelStore(config.runtime.output);
  const staged = await store.stage();
  try {
    await writeContent(staged.folder, content);
    await writeMetrics(staged, measured);
    const artifact = { path: join(store.root, 'versions', staged.version), version: staged.version };
    const summary: TrainSummary = { artifact, ...measured };
    if (renderReport) await writeFile(join(staged.folder, artifactFiles.report), renderReport(summary));
    await store.publish(staged, manifestFields(config, content.catalogue, measured));
    return summary;
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** Writes `metrics.json`: anything that was measured. */
export async function writeMetrics(staged: StagedArtifact, metrics: unknown): Promise<void> {
  await writeFile(join(staged.folder, artifactFiles.metrics), `${JSON.stringify(metrics, null, 2)}\n`);
}

async function writeContent(folder: string, { model, catalogue, vectors, index }: ArtifactContent): Promise<void> {
  const dim = model.config.embeddingDim;
  await model.save(folder);
  await writeNpy(join(folder, artifactFiles.itemVectors), vectors.items, [vectors.items.length / dim, dim]);
  await writeNpy(join(folder, artifactFiles.userVectors), vectors.users, [vectors.users.length / dim, dim]);
  await writeCatalogue(folder, catalogue);
  await index.save(folder);
}

function manifestFields(
  { data, model: towers, training, evaluation: protocol, hnsw, runtime }: VectorRecallConfig,
  { userIds, itemIds, history }: Catalogue,
  { evaluation }: Pick<TrainSummary, 'evaluation'>,
): ManifestFields {
  const { model, popularity, random, truth } = evaluation;
  return {
    dims: { embedding: towers.embeddingDim },
    counts: { users: userIds.size, items: itemIds.size, interactions: history.items.length },
    // How a server is set up is no property of an artifact.
    config: { data, model: towers, training, evaluation: protocol, hnsw, runtime },
    metrics: { model, popularity, random, ...(truth === undefined ? {} : { truth }) },
  };
}
