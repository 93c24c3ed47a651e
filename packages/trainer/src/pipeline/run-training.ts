import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { type Backend, choosePrecision } from '@vector-recall/towers';
import type { BenchmarkReport } from '../benchmark/benchmark-report';
import { runBenchmark } from '../benchmark/run-benchmark';
import { measureSearchCurve, type SearchCurveReport } from '../benchmark/search-curve';
import { openOrigin, type Origin } from '../continuation/origin';
import { openPast, type Past } from '../continuation/past';
import { TrainingInterruptedError } from '../errors';
import { buildIndex, describeIndex } from '../indexing/index-builder';
import { assessIndex } from '../indexing/index-quality';
import { mapItems } from '../item-map/map-items';
import { decidePromotion } from '../promotion/decide-promotion';
import { notPromotedSentence } from '../promotion/promotion-report';
import { protocolOf } from '../promotion/protocol';
import { demonstrate } from './demo';
import { encodeAll } from './encode-all';
import { evaluateModel } from './evaluate-model';
import { plainMetrics } from '../evaluation/scorer-report';
import { fit, type FittedModel } from './fit';
import { neighboursOfPopular } from './item-neighbours';
import { itemAttributes } from './item-attributes';
import type { RunTrainingOptions } from './options';
import { loadSplit, startBackend } from './prepare';
import { choosePreset } from './preset';
import { type ArtifactContent, publishArtifact } from './publish';
import { describeReproduction } from './reproduction';
import { Stages } from './stages';
import type { TrainSummary } from './summary';
import { describeDataset, describeModel, describeTraining } from './summary-parts';
import type { RaceReport } from '../race/race-report';
import { catalogueOf, towerInputs } from './tower-inputs';
import { trainSeeds } from './train-seeds';

/**
 * The whole way from a log to a published artifact: data → split → train → evaluate → encode → index → benchmark →
 * publish. What is evaluated has not seen the held-out events; what is published encodes users with all they did.
 *
 * @throws TrainingInterruptedError when the signal was aborted; nothing is published then
 */
export async function runTraining(given: VectorRecallConfig, options: RunTrainingOptions = {}): Promise<TrainSummary> {
  const { observer, signal, resume, from, historyFrom } = options;
  const stages = new Stages(observer, signal);
  let run: string | undefined;
  try {
    const backend = await startBackend(given, stages);
    // A precision that can't be had is refused before data are read.
    choosePrecision(given.training.precision);
    const origin = from === undefined ? undefined : await openOrigin(given.runtime.output, from, given.model);
    const past = historyFrom === undefined ? undefined : await openPast(given.runtime.output, historyFrom);
    const { dataset, split } = await loadSplit(given, stages, (loaded) => {
      const whole = past === undefined ? loaded : past.precede(loaded);
      return origin === undefined ? whole : origin.align(whole);
    });
    const catalogue = catalogueOf(dataset);
    const data = { dataset, split, inputs: towerInputs(catalogue), origin, past };
    // A model that is continued has its recipe already.
    const { config, race } =
      origin === undefined ? await choosePreset(given, data, stages, options) : { config: given, race: undefined };
    const fitted = await stages.run('train', 'steps', () => fit(config, data, backend, { observer, signal, resume }));
    run = fitted.run;
    return await finish(config, { dataset, split, catalogue, backend, fitted, race, origin, past }, stages, options);
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
  readonly race?: RaceReport;
  readonly origin?: Origin;
  readonly past?: Past;
}

/** Everything that follows the training. */
async function finish(
  config: VectorRecallConfig,
  { dataset, split, catalogue, backend, fitted, race, origin, past }: Trained,
  stages: Stages,
  { observer, signal, renderReport }: RunTrainingOptions,
): Promise<TrainSummary> {
  const { model } = fitted;
  const { seed } = config.training;
  const refitted = fitted.refit !== undefined;
  const measured = await stages.run('evaluate', 'users', (report) =>
    evaluateModel(model, dataset, split, {
      config: config.evaluation,
      seed,
      refitted,
      ease: fitted.ease,
      report,
      signal,
    }),
  );
  const data = { dataset, split, inputs: towerInputs(catalogue) };
  const seeds = await trainSeeds(config, data, backend, plainMetrics(measured.model), stages, { observer, signal });
  const evaluation = { ...measured, ...(seeds === undefined ? {} : { seeds }) };
  const promotion = await stages.run('gate', 'users', (report) =>
    decidePromotion({ model, result: fitted.result, dataset, split }, config, { report, signal }),
  );
  const vectors = await stages.run('encode', 'rows', (report) =>
    encodeAll(model, dataset.interactions, report, signal),
  );
  const { assessed, buildSeconds } = await stages.run('index', 'items', async (onProgress) => {
    const graph = await buildIndex(vectors.items, model.dim, config.hnsw, { seed, onProgress, signal });
    const random = new RandomStream(seed, 'index');
    const options = { hnsw: config.hnsw, cutoffs: config.evaluation.cutoffs, random, signal };
    return { assessed: await assessIndex(graph.index, vectors, options), buildSeconds: graph.buildSeconds };
  });
  const protocol = protocolOf(dataset, split, config);
  const parents = [...new Set([origin, past].flatMap((parent) => (parent === undefined ? [] : [parent.version])))];
  const content: ArtifactContent = {
    model,
    catalogue,
    attributes: itemAttributes(dataset),
    vectors,
    index: assessed.index,
    protocol,
    parents,
  };
  const speed = config.runtime.skipBenchmark ? {} : await measureSpeed(config, content, split, stages, signal);
  const itemMap = mapItems(catalogue, vectors.items, model.dim);
  const summary = {
    dataset: describeDataset(dataset, split),
    model: describeModel(model),
    training: describeTraining({ ...fitted, race }, backend, config.training, origin),
    evaluation,
    promotion,
    index: describeIndex(assessed, buildSeconds),
    ...speed,
    ...(await stages.run('demo', 'users', () => demonstrate(catalogue, assessed.index, vectors.users))),
    neighbours: await neighboursOfPopular(catalogue, assessed.index, vectors.items),
    ...(itemMap === undefined ? {} : { itemMap }),
    reproduction: describeReproduction({
      config,
      backend,
      dataSha256: protocol.data,
      from: origin?.version,
      historyFrom: past?.version,
    }),
    seconds: stages.seconds(),
  };
  const published = await stages.run(
    'publish',
    'files',
    () => publishArtifact(config, content, summary, renderReport),
    ({ artifact }) => artifact.path,
  );
  if (!promotion.promoted) {
    const message = notPromotedSentence(published.artifact.version, config.runtime.output, promotion);
    stages.observer?.notify({ type: 'notice', message });
  }
  return published;
}

function measureSpeed(
  config: VectorRecallConfig,
  { model, index, vectors }: ArtifactContent,
  { log }: Split,
  stages: Stages,
  signal: AbortSignal | undefined,
): Promise<{ readonly benchmark: BenchmarkReport; readonly searches: SearchCurveReport }> {
  const { benchmarkTopK: topK, benchmarkQueries: queries } = config.runtime;
  const random = new RandomStream(config.training.seed, 'benchmark');
  return stages.run('benchmark', 'parts', async (onProgress) => ({
    benchmark: await runBenchmark(
      { model, index, userVectors: vectors.users, log },
      { topK, queries, random, onProgress, signal },
    ),
    searches: await measureSearchCurve(index, vectors, { k: topK, random, signal }),
  }));
}
