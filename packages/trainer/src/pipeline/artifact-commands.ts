import type { VectorRecallConfig } from '@vector-recall/core-config';
import { openSearchIndex } from '@vector-recall/hnsw-index';
import { artifactFiles, ModelStore, readNpy } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import type { BenchmarkReport } from '../benchmark/benchmark-report';
import { runBenchmark } from '../benchmark/run-benchmark';
import type { EvaluationReport } from '../evaluation/evaluation-report';
import { buildIndex, describeIndex } from '../indexing/index-builder';
import { assessIndex } from '../indexing/index-quality';
import type { IndexReport } from '../indexing/index-report';
import { evaluateModel } from './evaluate-model';
import type { ArtifactCommandOptions } from './options';
import { loadSplit, startBackend } from './prepare';
import { publishWithIndex } from './publish-index';
import { Stages } from './stages';
import { checkHasModel, checkSameRows, openStoredModel, wasRefitted, withStoredTypes } from './stored-model';
import type { ArtifactReport, DatasetReport } from './summary';
import { describeDataset } from './summary-parts';

export interface ArtifactEvaluation {
  readonly artifact: ArtifactReport;
  readonly dataset: DatasetReport;
  readonly evaluation: EvaluationReport;
}

/**
 * Ranks the held-out events of `config.data` by a published model; the data must have the users and items of its
 * training.
 *
 * @param config the artifact's own options, changed where the caller likes; `runtime.output` is the store
 * @throws TrainingDataError when the data has other users or items
 */
export async function evaluateArtifact(
  config: VectorRecallConfig,
  options: ArtifactCommandOptions = {},
): Promise<ArtifactEvaluation> {
  const { signal } = options;
  const stages = new Stages(options.observer, signal);
  await startBackend(config, stages);
  const stored = await openStoredModel(config.runtime.output, options.version);
  const { dataset, split } = await loadSplit(config, stages, (loaded) => withStoredTypes(loaded, stored));
  checkSameRows(dataset, stored);
  const evaluation = await stages.run('evaluate', 'users', async (report) =>
    evaluateModel(stored.model, dataset, split, {
      config: config.evaluation,
      seed: config.training.seed,
      refitted: await wasRefitted(stored.artifact),
      report,
      signal,
    }),
  );
  return { artifact: reportOf(stored.artifact), dataset: describeDataset(dataset, split), evaluation };
}

export interface RebuiltIndex {
  /** The new version; the one it was made from is its parent. */
  readonly artifact: ArtifactReport;
  readonly index: IndexReport;
}

/** Publishes a new version that differs from a published one in its index alone, built with `config.hnsw`. */
export async function rebuildIndex(
  config: VectorRecallConfig,
  options: ArtifactCommandOptions = {},
): Promise<RebuiltIndex> {
  const { signal } = options;
  const stages = new Stages(options.observer, signal);
  const store = new ModelStore(config.runtime.output);
  const parent = await store.open(options.version);
  checkHasModel(parent);
  const items = await readNpy(parent.path(artifactFiles.itemVectors), 'float32');
  const users = await readNpy(parent.path(artifactFiles.userVectors), 'float32');
  const { seed } = config.training;
  const built = await stages.run('index', 'items', (onProgress) =>
    buildIndex(items.values, items.shape[1], config.hnsw, { seed, onProgress, signal }),
  );
  const vectors = { items: items.values, users: users.values };
  const assessed = await assessIndex(built.index, vectors, {
    hnsw: config.hnsw,
    cutoffs: config.evaluation.cutoffs,
    random: new RandomStream(seed, 'index'),
    signal,
  });
  const index = describeIndex(assessed, built.buildSeconds);
  const artifact = await stages.run(
    'publish',
    'files',
    () => publishWithIndex(store, parent, { index: assessed.index, report: index, hnsw: config.hnsw }),
    ({ path }) => path,
  );
  return { artifact, index };
}

export interface ArtifactBenchmark {
  readonly artifact: ArtifactReport;
  readonly benchmark: BenchmarkReport;
}

/** Measures a published artifact as it lies in the store. */
export async function benchmarkArtifact(
  config: VectorRecallConfig,
  options: ArtifactCommandOptions = {},
): Promise<ArtifactBenchmark> {
  const { signal } = options;
  const stages = new Stages(options.observer, signal);
  await startBackend(config, stages);
  const { artifact, catalogue, model } = await openStoredModel(config.runtime.output, options.version);
  const { index } = await openSearchIndex(artifact.folder, { isListed: (name) => artifact.has(name) });
  const { values: userVectors } = await readNpy(artifact.path(artifactFiles.userVectors), 'float32');
  const { types, ...lists } = catalogue.history;
  const log = {
    userCount: catalogue.userIds.size,
    ...lists,
    ...(types && { types: { values: types, inHistories: true } }),
  };
  const benchmark = await stages.run('benchmark', 'parts', (onProgress) =>
    runBenchmark(
      { model, index, userVectors, log },
      {
        topK: config.runtime.benchmarkTopK,
        queries: config.runtime.benchmarkQueries,
        random: new RandomStream(config.training.seed, 'benchmark'),
        onProgress,
        signal,
      },
    ),
  );
  return { artifact: reportOf(artifact), benchmark };
}

function reportOf({ folder, version }: { folder: string; version: string }): ArtifactReport {
  return { path: folder, version };
}
