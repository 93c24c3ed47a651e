import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import { fileErrorOf } from '@vector-recall/core-config/files';
import { openSearchIndex, type SearchIndex } from '@vector-recall/hnsw-index';
import { readAttributes, writeAttributes, type AttributeTable } from '@vector-recall/item-catalogue';
import {
  type Artifact,
  artifactFiles,
  type Catalogue,
  type ManifestFields,
  type ManifestProtocol,
  ModelStore,
  readCatalogue,
  type StagedArtifact,
  writeCatalogue,
  writeNpy,
} from '@vector-recall/model-store';
import { TwoTowerModel } from '@vector-recall/towers';
import type { EncodedVectors } from './encode-all';
import type { EvaluationReport } from '../evaluation/evaluation-report';
import { plainMetrics } from '../evaluation/scorer-report';
import type { TrainSummary } from './summary';
import { towerInputs } from './tower-inputs';

/** What serving reads, all of one training. */
export interface ArtifactContent {
  readonly model: TwoTowerModel;
  readonly catalogue: Catalogue;
  /** What filters select items by. */
  readonly attributes: AttributeTable;
  readonly vectors: EncodedVectors;
  readonly index: SearchIndex;
  /** What the metrics were measured on. */
  readonly protocol: ManifestProtocol;
  /** Versions that the model was made from. */
  readonly parents: readonly string[];
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
    await store.publish(staged, manifestFields(config, content, measured), {
      promote: measured.promotion.promoted,
      check: openAll,
    });
    return summary;
  } catch (error) {
    await staged.discard();
    throw fileErrorOf(store.root, 'written', error);
  }
}

/** Opens the towers and the index as a reader will. */
async function openAll(artifact: Artifact): Promise<void> {
  const catalogue = await readCatalogue(artifact);
  await readAttributes(artifact, catalogue.itemIds.size);
  await TwoTowerModel.load(artifact.folder, towerInputs(catalogue));
  await openIndex(artifact);
}

/** Opens the index as a reader will. */
export async function openIndex(artifact: Artifact): Promise<void> {
  const { index } = await openSearchIndex(artifact.folder, { isListed: (name) => artifact.has(name) });
  await index.close();
}

/** Writes `metrics.json`: anything that was measured. */
export async function writeMetrics(staged: StagedArtifact, metrics: unknown): Promise<void> {
  await writeFile(join(staged.folder, artifactFiles.metrics), `${JSON.stringify(metrics, null, 2)}\n`);
}

async function writeContent(
  folder: string,
  { model, catalogue, attributes, vectors, index }: ArtifactContent,
): Promise<void> {
  const { dim } = model;
  await model.save(folder);
  await writeNpy(join(folder, artifactFiles.itemVectors), vectors.items, [vectors.items.length / dim, dim]);
  await writeNpy(join(folder, artifactFiles.userVectors), vectors.users, [vectors.users.length / dim, dim]);
  await writeCatalogue(folder, catalogue);
  await writeAttributes(folder, attributes);
  await index.save(folder);
}

function manifestFields(
  { data, model: towers, training, evaluation: ranking, hnsw, runtime }: VectorRecallConfig,
  { model, catalogue: { userIds, itemIds, history }, protocol, parents }: ArtifactContent,
  { evaluation }: Pick<TrainSummary, 'evaluation'>,
): ManifestFields {
  return {
    dims: { embedding: model.dim },
    counts: { users: userIds.size, items: itemIds.size, interactions: history.items.length },
    // How a server is set up is no property of an artifact.
    config: { data, model: towers, training, evaluation: ranking, hnsw, runtime },
    protocol,
    parents,
    metrics: metricsByScorer(evaluation),
  };
}

/** The plain figures: a manifest has no intervals. */
function metricsByScorer(evaluation: EvaluationReport): ManifestFields['metrics'] {
  const { model, popularity, itemKnn, ease, random, truth } = evaluation;
  return {
    model: plainMetrics(model),
    popularity: plainMetrics(popularity),
    itemKnn: plainMetrics(itemKnn),
    ...(ease === undefined ? {} : { ease: plainMetrics(ease) }),
    random: plainMetrics(random),
    ...(truth === undefined ? {} : { truth: plainMetrics(truth) }),
  };
}
