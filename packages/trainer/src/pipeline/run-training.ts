import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import type { Backend } from '@vector-recall/towers';
import type { BenchmarkReport } from '../benchmark/benchmark-report';
import { runBenchmark } from '../benchmark/run-benchmark';
import { TrainingInterruptedError } from '../errors';
import { buildIndex, describeIndex } from '../indexing/index-builder';
import { assessIndex } from '../indexing/index-quality';
import { demonstrate } from './demo';
import { encodeAll } from './encode-all';
import { evaluateModel } from './evaluate-model';
import { fit, type FittedModel } from './fit';
import { neighboursOfPopular } from './item-neighbours';
import type { RunTrainingOptions } from './options';
import { loadSplit, startBackend } from './prepare';
import { announcePreset, shapeOf } from './preset';
import { type ArtifactContent, publishArtifact } from './publish';
import { Stages } from './stages';
import type { TrainSummary } from './summary';
import { describeDataset, describeModel, describeTraining } from './summary-parts';
import { catalogueOf, towerInputs } from './tower-inputs';

/**
 * The whole way from a log to a published artifact: data → split → train → evaluate → encode → index → benchmark →
 * publish. What is evaluated has not seen the held-out events; what is published encodes users with all they did.
 *
 * @throws TrainingInterruptedError when the signal was aborted; nothing is published then
 */
export async function runTraining(given: VectorRecallConfig, options: RunTrainingOptions = {}): Promise<TrainSummary> {
  const { observer, signal, resume } = options;
  const stages = new Stages(observer, signal);
  let run: string | undefined;
  try {
    const backend = await startBackend(given, stages);
    const { dataset, split } = await loadSplit(given, stages);
    const config = options.configFor?.(shapeOf(dataset)) ?? given;
    announcePreset(given, config, observer);
    const catalogue = catalogueOf(dataset);
    const data = { dataset, split, inputs: towerInputs(catalogue) };
    const fitted = await stages.run('train', 'steps', () => fit(config, data, backend, { observer, signal, resume }));
    run = fitted.run;
    return await finish(config, { dataset, split, catalogue, backend, fitted }, stages, options);
  } catch (error) {
    // An aborted stage throws the signal's reason. The weights of a training that is done are in its checkpoints.
    if (signal?.aborted === true && error === signal.reason) throw new TrainingInterruptedError(run);
    throw error;
  }
}

interface Trained {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly fitted: FittedModel;
}

/** Everything that follows the training. */
async function finish(
  config: VectorRecallConfig,
  { dataset, split, catalogue, backend, fitted }: Trained,
  stages: Stages,
  { signal, renderReport }: RunTrainingOptions,
): Promise<TrainSummary> {
  const { model } = fitted;
  const { seed } = config.training;
  const evaluation = await stages.run('evaluate', 'users', (report) =>
    evaluateModel(model, dataset, split, { config: config.evaluation, seed, report, signal }),
  );
  const vectors = await stages.run('encode', 'rows', (report) =>
    encodeAll(model, dataset.interactions, report, signal),
  );
  const { built, recall } = await stages.run('index', 'items', async (onProgress) => {
    const dim = model.config.embeddingDim;
    const graph = await buildIndex(vectors.items, dim, config.hnsw, { seed, onProgress, signal });
    const random = new RandomStream(seed, 'index');
    const options = { hnsw: config.hnsw, cutoffs: config.evaluation.cutoffs, random, signal };
    return { built: graph, recall: await assessIndex(graph.index, vectors, options) };
  });
  const content: ArtifactContent = { model, catalogue, vectors, index: built.index };
  const benchmark = config.runtime.skipBenchmark
    ? undefined
    : await measureSpeed(config, content, split, stages, signal);
  const summary = {
    dataset: describeDataset(dataset, split),
    model: describeModel(model),
    training: describeTraining(fitted, backend, config.training),
    evaluation,
    index: describeIndex(built, recall),
    ...(benchmark === undefined ? {} : { benchmark }),
    demo: await stages.run('demo', 'users', () => demonstrate(catalogue, built.index, vectors.users)),
    neighbours: await neighboursOfPopular(catalogue, built.index, vectors.items),
    seconds: stages.seconds(),
  };
  return stages.run(
    'publish',
    'files',
    () => publishArtifact(config, content, summary, renderReport),
    ({ artifact }) => artifact.path,
  );
}

function measureSpeed(
  config: VectorRecallConfig,
  { model, index, vectors }: ArtifactContent,
  { log }: Split,
  stages: Stages,
  signal: AbortSignal | undefined,
): Promise<BenchmarkReport> {
  const { benchmarkTopK, benchmarkQueries } = config.runtime;
  const random = new RandomStream(config.training.seed, 'benchmark');
  return stages.run('benchmark', 'parts', (onProgress) =>
    runBenchmark(
      { model, index, userVectors: vectors.users, log },
      { topK: benchmarkTopK, queries: benchmarkQueries, random, onProgress, signal },
    ),
  );
}
