import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingConfig } from '@vector-recall/core-config';
import type { TwoTowerModel } from '@vector-recall/towers';
import { CheckpointStore, findCheckpoint } from '../checkpoint/checkpoint-store';
import { DivergedError, TrainingInterruptedError } from '../errors';
import type { TrainingEvent, TrainingObserver } from '../observer';
import { describeBackends } from '../testing/backends';
import { toyModel, toySplit, toyTrainingConfig } from '../testing/toy-world';
import { Trainer } from './trainer';

const split = toySplit();

function weightsOf(model: TwoTowerModel): Map<string, Float32Array> {
  return new Map(Array.from(model.parameters, ([name, { values }]) => [name, values.slice()]));
}

/** Aborts after so many steps, as Ctrl-C would. */
function abortAfter(steps: number): { observer: TrainingObserver; signal: AbortSignal } {
  const controller = new AbortController();
  let seen = 0;
  const notify = (event: TrainingEvent): void => {
    if (event.type === 'step' && ++seen === steps) controller.abort();
  };
  return { observer: { notify }, signal: controller.signal };
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trainer-spec-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describeBackends('Trainer', () => {
  it.each<[string, Partial<TrainingConfig>]>([
    ['sampled', { negatives: 'sampled' }],
    ['in-batch', { negatives: 'in-batch' }],
    ['mixed', { negatives: 'mixed' }],
    ['full', { negatives: 'full' }],
  ])('learns a world that can be learned: %s', async (_name, changes) => {
    const model = toyModel();
    const config = toyTrainingConfig({ ...changes, epochs: 6, earlyStoppingPatience: 0 });
    const { epochs, bestEpoch, steps, curve } = await new Trainer(model, split, config).train();
    expect(steps).toBe(6 * Math.floor((120 * 12) / 64));
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(curve.at(-1)?.step).toBe(steps);
    expect(curve.map(({ gradientNorm }) => gradientNorm > 0 && Number.isFinite(gradientNorm))).not.toContain(false);
    expect(epochs[5].trainLoss).toBeLessThan(epochs[0].trainLoss - 0.2);
    expect(epochs[5].validationLoss).toBeLessThan(epochs[0].validationLoss);
    // Chance would hit 100 of 188 candidates: 0.53.
    expect(epochs[bestEpoch - 1].validationHitRate100).toBeGreaterThan(0.75);
  });

  it('validates the last epoch alone where it is told to, and trains the same', async () => {
    const config = toyTrainingConfig({ epochs: 3, earlyStoppingPatience: 1 });
    const [each, last] = [toyModel(), toyModel()];
    const expected = await new Trainer(each, split, { ...config, earlyStoppingPatience: 0 }).train();
    const result = await new Trainer(last, split, config, { validatedEpochs: 'last' }).train();
    expect(result.bestEpoch).toBe(3);
    expect(result.epochs.map(({ epoch, validationHitRate100 }) => [epoch, validationHitRate100])).toEqual([
      [3, expected.epochs[2].validationHitRate100],
    ]);
  });

  it('leaves no tensor behind', async () => {
    const model = toyModel();
    const counts: number[] = [];
    const notify = (event: TrainingEvent): void => {
      if (event.type === 'step') counts.push(tf.memory().numTensors);
    };
    await new Trainer(model, split, toyTrainingConfig({ epochs: 2 }), { observer: { notify } }).train();
    expect(counts.length).toBeGreaterThan(40);
    expect([...new Set(counts)]).toEqual([counts[0]]);
    expect(tf.memory().numTensors).toBe(counts[0]);
  });

  it.each<[string, Partial<TrainingConfig>]>([
    ['sampled', { negatives: 'sampled', numNegatives: 3 }],
    ['in-batch', { negatives: 'in-batch' }],
    ['mixed', { negatives: 'mixed' }],
    ['full', { negatives: 'full' }],
    ['with weights of events', { negatives: 'mixed', eventHalfLife: 0.01 }],
  ])('reaches the same bits when it is interrupted and resumed: %s', async (_name, changes) => {
    const config = toyTrainingConfig({ epochs: 3, ...changes });
    const straight = toyModel();
    const expected = await new Trainer(straight, split, config, { checkpoints: store(straight, 'straight') }).train();

    const interrupted = toyModel();
    const stop = abortAfter(30);
    const broken = new Trainer(interrupted, split, config, { checkpoints: store(interrupted, 'broken'), ...stop });
    const error: unknown = await broken.train().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TrainingInterruptedError);
    expect(String(error)).toBe('TrainingInterruptedError: Interrupted; continue with --resume broken.');

    const resumed = toyModel();
    const result = await resume(resumed, config, 'broken');
    expect(weightsOf(resumed)).toEqual(weightsOf(straight));
    const figures = ({ epochs }: typeof result) =>
      epochs.map(({ epoch, trainLoss, validationLoss, validationHitRate100, learningRate }) => [
        epoch,
        trainLoss,
        validationLoss,
        validationHitRate100,
        learningRate,
      ]);
    expect(figures(result)).toEqual(figures(expected));
    expect(result.curve).toEqual(expected.curve);
    expect(result.bestEpoch).toBe(expected.bestEpoch);
  });

  it('gives the weights of its best epoch back, from memory and from the disk alike', async () => {
    // So high a rate makes later epochs worse than earlier ones.
    const config = toyTrainingConfig({ epochs: 8, learningRate: 0.3, warmupFraction: 0, earlyStoppingPatience: 2 });
    const first = toyModel();
    const fromMemory = await new Trainer(first, split, config).train();
    const second = toyModel();
    const fromDisk = await new Trainer(second, split, config, { checkpoints: store(second, 'run') }).train();
    expect(fromMemory.stoppedEarly).toBe(true);
    expect(fromMemory.epochs).toHaveLength(fromMemory.bestEpoch + 2);
    expect(fromDisk.bestEpoch).toBe(fromMemory.bestEpoch);
    expect(weightsOf(second)).toEqual(weightsOf(first));
    const best = fromMemory.bestEpoch;
    expect((await readdir(join(root, 'run'))).sort()).toEqual([
      `epoch-${best}`,
      `epoch-${best + 1}`,
      `epoch-${best + 2}`,
    ]);
  });

  it('names the step and a remedy when the loss is no longer a number', async () => {
    const model = toyModel();
    const [table] = model.parameters.values();
    table.values.fill(NaN);
    const training = new Trainer(model, split, toyTrainingConfig({ learningRate: 0.5 })).train();
    await expect(training).rejects.toThrow(DivergedError);
    await expect(new Trainer(model, split, toyTrainingConfig({ learningRate: 0.5 })).train()).rejects.toThrow(
      'The loss is not a finite number at step 1: lower --lr (now 0.5) or raise --temperature (now 0.1).',
    );
  });

  it('has nothing to resume when it is stopped before the first step', async () => {
    const model = toyModel();
    const signal = AbortSignal.abort();
    const training = new Trainer(model, split, toyTrainingConfig(), { signal, checkpoints: store(model, 'run') });
    await expect(training.train()).rejects.toThrow(
      'Interrupted before the first training step; there is nothing to resume.',
    );
    await expect(findCheckpoint(root, 'run')).rejects.toThrow(`There is no checkpoint of the run run in ${root}`);
  });
});

function store(model: TwoTowerModel, run: string): CheckpointStore {
  return new CheckpointStore(root, run, model, { world: 'toy' });
}

async function resume(model: TwoTowerModel, config: TrainingConfig, run: string) {
  const checkpoints = store(model, run);
  const { folder } = await findCheckpoint(root, run);
  const state = await checkpoints.resume(folder);
  const trainer = new Trainer(model, split, config, { checkpoints, resume: state.progress });
  await checkpoints.restoreMoments(folder, trainer.adam, state.adamSteps);
  return trainer.train();
}
