import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, presetNames, type VectorRecallConfig } from '@vector-recall/core-config';
import { ExactIndex, HnswIndex } from '@vector-recall/hnsw-index';
import { artifactFiles, ModelStore, readCatalogue, readNpy } from '@vector-recall/model-store';
import { type BackendName, selectBackend, TwoTowerModel } from '@vector-recall/towers';
import { CheckpointError, TrainingDataError, TrainingInterruptedError } from '../errors';
import type { TrainingEvent } from '../observer';
import { describeBackends } from '../testing/backends';
import { benchmarkArtifact, evaluateArtifact, rebuildIndex } from './artifact-commands';
import { runTraining } from './run-training';
import { towerInputs } from './tower-inputs';

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'run-training-spec-'));
});
afterEach(async () => {
  await rm(output, { recursive: true, force: true });
});

/** A small world. The benchmark takes as long as the rest. */
function configOn(backend: BackendName | 'auto', options: { benchmark: boolean } = { benchmark: false }) {
  return (changes: { training?: object; hnsw?: object; data?: object } = {}): VectorRecallConfig =>
    configSchema.parse({
      data: { numUsers: 120, numItems: 400, numInteractions: 3000, ...changes.data },
      model: { embeddingDim: 16, idDim: 8, categoryDim: 4, tagDim: 4, featureDim: 8, historyDim: 8, hiddenDims: [16] },
      training: { epochs: 2, batchSize: 128, sharedPoolSize: 64, ...changes.training },
      evaluation: { cutoffs: [10, 100] },
      hnsw: changes.hnsw,
      runtime: { backend, output, skipBenchmark: !options.benchmark, benchmarkTopK: 50, benchmarkQueries: 40 },
    });
}

describeBackends('runTraining', (backend) => {
  const config = configOn(backend);

  it('publishes an artifact that holds what the summary tells', async () => {
    const events: TrainingEvent[] = [];
    const summary = await runTraining(configOn(backend, { benchmark: true })(), {
      observer: { notify: (event) => events.push(event) },
      renderReport: ({ artifact }) => `<p>${artifact.version}</p>`,
    });
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    expect(summary.training).toMatchObject({ backend, negatives: 'in-batch', stoppedEarly: false });
    expect(summary.training.epochs).toHaveLength(2);
    expect(summary.evaluation.truth?.['hitRate@100']).toBeGreaterThan(summary.evaluation.random['hitRate@100']);
    expect(summary.benchmark?.encodeMsPerUser).toBeGreaterThan(0);
    expect(summary.benchmark?.batches.map(({ batchSize }) => batchSize)).toEqual([16, 32, 64, 128]);
    expect(stagesOf(events)).toEqual([
      'runtime',
      'data',
      'train',
      'evaluate',
      'gate',
      'encode',
      'index',
      'benchmark',
      'demo',
      'publish',
    ]);

    const artifact = await new ModelStore(output).open();
    expect(artifact.version).toBe(summary.artifact.version);
    expect(await readFile(artifact.path(artifactFiles.report), 'utf8')).toBe(`<p>${artifact.version}</p>`);
    expect({ ...artifact.manifest.metrics.model, interval: summary.evaluation.model.interval }).toEqual(
      summary.evaluation.model,
    );
    expect(Object.keys(artifact.manifest.metrics).sort()).toEqual([
      'ease',
      'itemKnn',
      'model',
      'popularity',
      'random',
      'truth',
    ]);
    await expectVectorsOfModel(artifact);

    const catalogue = await readCatalogue(artifact);
    const row = catalogue.userIds.rowOf(summary.demo.userId) ?? -1;
    const { offsets, items } = catalogue.history;
    const had = Array.from(items.subarray(offsets[row], offsets[row + 1]), (item) => catalogue.itemIds.idAt(item));
    expect(summary.demo.items).toHaveLength(20);
    expect(summary.demo.items.filter(({ id }) => had.includes(id))).toEqual([]);
    expect(summary.demo.history.map(({ id }) => id)).toEqual(had.slice(-10));
    expect(summary.demos.map(({ items: shown }) => shown.length)).toEqual([10, 10, 10]);
    expect(new Set([summary.demo, ...summary.demos].map(({ userId }) => userId)).size).toBe(4);
    expect(summary.searches?.points.map(({ efSearch }) => efSearch)).toContain(summary.index.efSearch);
    expect(summary.reproduction.dataSha256).toBe(artifact.manifest.protocol?.data);
    expect(summary.neighbours).toHaveLength(5);
    for (const { item, neighbours } of summary.neighbours) {
      expect(neighbours).toHaveLength(5);
      expect(neighbours.map(({ id }) => id)).not.toContain(item.id);
      expect(neighbours.map(({ score }) => score)).toEqual(
        [...neighbours.map(({ score }) => score)].sort((a, b) => b - a),
      );
    }
  });

  it('gives the same weights and metrics for the same seed', async () => {
    const first = await runTraining(config());
    const second = await runTraining(config());
    expect(second.evaluation).toEqual(first.evaluation);
    const weights = ({ path }: { path: string }) => readFile(join(path, artifactFiles.towers));
    expect((await weights(second.artifact)).equals(await weights(first.artifact))).toBe(true);
  });

  it('publishes nothing when it is interrupted, and the same as ever when it is resumed', async () => {
    const expected = await runTraining(config());
    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.epoch === 2) controller.abort();
    };
    const interrupted = runTraining(config(), { observer: { notify }, signal: controller.signal });
    await expect(interrupted).rejects.toThrow(TrainingInterruptedError);
    expect(await readdir(join(output, 'versions'))).toEqual([expected.artifact.version]);

    await expect(runTraining(config({ training: { learningRate: 0.5 } }), { resume: 'latest' })).rejects.toThrow(
      'training.learningRate was 0.001 and is 0.5. Leave these options out to continue it, or leave --resume out to start a new run.',
    );
    const resumed = await runTraining(config(), { resume: 'latest' });
    expect(resumed.evaluation).toEqual(expected.evaluation);
    const weights = ({ path }: { path: string }) => readFile(join(path, artifactFiles.towers));
    expect((await weights(resumed.artifact)).equals(await weights(expected.artifact))).toBe(true);
  });

  it('fits again with the validation events, and comes to the same when that is interrupted', async () => {
    const refitting = config({ training: { refit: true, epochs: 3 } });
    const events: TrainingEvent[] = [];
    const expected = await runTraining(refitting, { observer: { notify: (event) => events.push(event) } });
    const { bestEpoch } = expected.training;
    expect(expected.training.refit).toEqual({ epochs: bestEpoch, seconds: expect.any(Number) as number });
    expect(expected.evaluation.refitted).toBe(true);
    expect((await evaluateArtifact(refitting)).evaluation.refitted).toBe(true);
    const refitted = events.flatMap((event) => (event.type === 'epoch-trained' ? [event.report.epoch] : []));
    expect(refitted).toEqual([1, 2, 3].slice(0, bestEpoch));
    const stepsOf = (refit: boolean): number[] =>
      events.flatMap((event) => (event.type === 'step' && event.refit === refit ? [event.stepsPerEpoch] : []));
    // 120 users have a validation event each; a batch has 128.
    const events128 = Math.floor(expected.dataset.trainingEvents / 128);
    expect(new Set(stepsOf(false))).toEqual(new Set([events128]));
    expect(stepsOf(true)[0]).toBe(Math.floor((expected.dataset.trainingEvents + expected.dataset.heldOutUsers) / 128));
    const weights = ({ path }: { path: string }) => readFile(join(path, artifactFiles.towers));
    const once = await runTraining(config({ training: { epochs: 3 } }));
    expect([once.training.refit, once.evaluation.refitted]).toEqual([undefined, false]);
    expect((await weights(once.artifact)).equals(await weights(expected.artifact))).toBe(false);

    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.refit && event.step === 5) controller.abort();
    };
    const error: unknown = await runTraining(refitting, { observer: { notify }, signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof TrainingInterruptedError) || error.checkpoint === undefined) throw error;
    expect(error.checkpoint).toBe(join(output, 'checkpoints', error.run ?? '', 'refit', 'step-5'));
    // The run and the folder that the error names mean the same.
    const resumedSteps: boolean[] = [];
    const resumed = await runTraining(refitting, {
      resume: error.checkpoint,
      observer: { notify: (event) => event.type === 'step' && resumedSteps.push(event.refit) },
    });
    expect(resumed.training.run).toBe(error.run);
    expect(resumedSteps).toHaveLength(stepsOf(true).length - 5);
    expect(resumedSteps).not.toContain(false);
    expect((await weights(resumed.artifact)).equals(await weights(expected.artifact))).toBe(true);
  });
});

describe('runTraining', () => {
  const config = configOn('auto');

  beforeAll(async () => {
    await selectBackend('auto');
  });

  it('trains the recipe that wins the race on the log, and says how it was chosen', async () => {
    const asked: string[] = [];
    const summary = await runTraining(config({ training: { preset: 'auto' } }), {
      configFor: (preset) => {
        asked.push(preset);
        // Recipes that differ enough for this world: one learns, the others hardly move.
        const learningRate = preset === 'recency' ? 0.01 : 1e-6;
        return config({ training: { preset, negatives: 'full', learningRate, epochs: 2 } });
      },
    });
    expect(summary.training).toMatchObject({ preset: 'recency', negatives: 'full', race: { winner: 'recency' } });
    expect([...new Set(asked)]).toEqual([...presetNames]);
  });

  it('holds no race where a preset is given', async () => {
    const given = config({ training: { preset: 'two-layer', epochs: 1 } });
    const configFor = () => {
      throw new Error('There is nothing to choose.');
    };
    expect((await runTraining(given, { configFor })).training.race).toBeUndefined();
  });

  it('evaluates, benchmarks and indexes a published artifact again', async () => {
    const trained = await runTraining(config());
    expect((await evaluateArtifact(config())).evaluation).toEqual(trained.evaluation);
    await expect(evaluateArtifact(config({ data: { numItems: 500 } }))).rejects.toThrow(TrainingDataError);
    const { benchmark, artifact } = await benchmarkArtifact(config());
    expect(artifact.version).toBe(trained.artifact.version);
    expect(benchmark.single.p99Ms).toBeGreaterThan(0);

    const rebuilt = await rebuildIndex(config({ hnsw: { m: 24, efConstruction: 300 } }));
    expect(rebuilt.index).toMatchObject({ m: 24, efConstruction: 300, items: 400 });
    const version = await new ModelStore(output).open();
    expect(version.version).toBe(rebuilt.artifact.version);
    expect(version.manifest).toMatchObject({ parents: [trained.artifact.version], config: { hnsw: { m: 24 } } });
    expect((await HnswIndex.load(version.folder)).m).toBe(24);
    await expectVectorsOfModel(version);
  });

  it('evaluates users and items that were held out apart, and again as they were drawn', async () => {
    const cold = config({ training: { coldUsers: 0.2, coldItems: 0.1, itemDropout: 0.1 } });
    const { evaluation, dataset } = await runTraining(cold);
    expect(dataset).toMatchObject({ users: 120, items: 400 });
    expect(evaluation.coldUsers?.users).toBeGreaterThanOrEqual(20);
    expect(evaluation.users + (evaluation.coldUsers?.users ?? 0)).toBeLessThanOrEqual(120);
    expect(evaluation.coldItems?.items).toBeGreaterThan(evaluation.items);
    expect(evaluation.coldItems?.unreachable).toBe(0);
    expect((await evaluateArtifact(cold)).evaluation).toEqual(evaluation);
  });

  it('trains again with other seeds on the same split, and publishes the first', async () => {
    const given = config({ training: { epochs: 1 } });
    const { evaluation, artifact } = await runTraining({ ...given, runtime: { ...given.runtime, seeds: 2 } });
    const { seeds } = evaluation;
    expect(seeds?.seeds).toEqual([42, 43]);
    const [first, second] = seeds?.runs ?? [];
    expect(first['hitRate@100']).toBe(evaluation.model['hitRate@100']);
    expect(second).not.toEqual(first);
    expect(seeds?.mean.mrr).toBeCloseTo((first.mrr + second.mrr) / 2, 9);
    const published = await evaluateArtifact(given, { version: artifact.version });
    expect(published.evaluation.model).toEqual(evaluation.model);
  });

  it.each(['random-80-20', 'random-8-1-1'] as const)('trains and evaluates on the split %s', async (split) => {
    const { evaluation } = await runTraining(config({ training: { split, epochs: 1 } }));
    expect([evaluation.split, evaluation.truth]).toEqual([split, undefined]);
    expect(evaluation.users).toBeGreaterThan(60);
    expect(evaluation.model['recall@100']).toBeGreaterThan(0);
    const cold = config({ training: { split, coldUsers: 0.1 } });
    await expect(runTraining(cold)).rejects.toThrow(TrainingDataError);
  });

  it('leaves the validation events of a random split out, as papers do', async () => {
    const summary = await runTraining(config({ training: { refit: true, split: 'random-8-1-1' } }));
    expect(summary.training.refit).toBeUndefined();
  });

  it('can be interrupted after the training, and resumed to publish', async () => {
    const controller = new AbortController();
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'stage-started' && event.stage === 'index') controller.abort();
    };
    const error: unknown = await runTraining(config(), { observer: { notify }, signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof TrainingInterruptedError) || error.run === undefined) throw error;
    const resumed = await runTraining(config(), { resume: error.run });
    expect(resumed.training.run).toBe(error.run);
    expect(resumed.training.epochs).toHaveLength(2);
  });

  it('says so when there is nothing to resume', async () => {
    await expect(runTraining(config(), { resume: 'latest' })).rejects.toThrow(
      new CheckpointError(
        join(output, 'checkpoints'),
        `There is no checkpoint in ${join(output, 'checkpoints')}; leave --resume out to start a run.`,
      ),
    );
  });
});

function stagesOf(events: readonly TrainingEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'stage-finished' ? [event.stage] : []));
}

/** The vectors, the weights and the index of an artifact are those of one model. */
async function expectVectorsOfModel(artifact: Awaited<ReturnType<ModelStore['open']>>): Promise<void> {
  const catalogue = await readCatalogue(artifact);
  const model = await TwoTowerModel.load(artifact.folder, towerInputs(catalogue));
  const items = await readNpy(artifact.path(artifactFiles.itemVectors), 'float32');
  const encoded = model.encodeItems(Int32Array.of(0, 7, 399));
  [0, 7, 399].forEach((row, n) => {
    const stored = items.values.subarray(row * 16, (row + 1) * 16);
    stored.forEach((value, d) => {
      expect(value).toBeCloseTo(encoded[n * 16 + d], 4);
    });
  });
  const users = await readNpy(artifact.path(artifactFiles.userVectors), 'float32');
  const query = users.values.subarray(0, 16);
  const exact = new ExactIndex(items.values, 16).search(query, 5);
  const found = (await HnswIndex.load(artifact.folder)).search(query, 5, { efSearch: 400 });
  expect([...found.labels]).toEqual([...exact.labels]);
}
