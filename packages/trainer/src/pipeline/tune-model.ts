import { performance } from 'node:perf_hooks';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { choosePrecision, type TowerInputs, TwoTowerModel } from '@vector-recall/towers';
import { runIdentity } from '../checkpoint/run-identity';
import { DivergedError, TrainingInterruptedError, TuningError } from '../errors';
import type { TrainingObserver } from '../observer';
import type { RaceData } from '../race/run-race';
import { Trainer } from '../training/trainer';
import { bestOf, nextJob } from '../tuning/halving';
import { type Dimension, drawValues, searchSpace, type Values, withValues } from '../tuning/search-space';
import { readTrials, type TrialRecord, writeAside, writeTrials } from '../tuning/trials-file';
import type { RunTrainingOptions } from './options';
import { loadSplit, startBackend } from './prepare';
import { choosePreset } from './preset';
import { Stages } from './stages';
import { catalogueOf, towerInputs } from './tower-inputs';

export interface TuneModelOptions extends Pick<RunTrainingOptions, 'observer' | 'signal' | 'configFor'> {
  /** Minutes of this call; a training under way when they are over is given up, unless it is the first of all. */
  readonly budgetMinutes: number;
  /** The file of the trainings, JSON lines; where it is there, the search goes on. */
  readonly trialsFile: string;
  /** Where the best options are written as a config file. */
  readonly bestFile: string;
}

export interface TuningReport {
  readonly trialsFile: string;
  readonly bestFile: string;
  readonly preset: string;
  readonly space: readonly Dimension[];
  readonly trials: readonly TrialRecord[];
  /** Of those that were trained the longest the one with the best validation HitRate@100. */
  readonly best: TrialRecord;
}

/**
 * Searches the space of the preset for the options with the best validation HitRate@100: at random, with successive
 * halving over epochs. The test events are never looked at. The same seed draws the same trials, and a search that is
 * continued comes to what it would have come to.
 *
 * @throws TuningError when not one training is done, or the file is of another search
 */
export async function tuneModel(given: VectorRecallConfig, options: TuneModelOptions): Promise<TuningReport> {
  const { observer, trialsFile, bestFile } = options;
  const deadline = AbortSignal.timeout(options.budgetMinutes * 60_000);
  const stop = options.signal ?? new AbortController().signal;
  const stopOrDeadline = AbortSignal.any([deadline, stop]);
  const stages = new Stages(observer, options.signal);
  const backend = await startBackend(given, stages);
  // A precision that can't be had is refused before data are read.
  choosePrecision(given.training.precision);
  const { dataset, split } = await loadSplit(given, stages);
  const inputs: TowerInputs = towerInputs(catalogueOf(dataset));
  const { config } = await choosePreset(given, { split, inputs }, stages, options);
  const space = searchSpace(config.training.preset);
  const identity = { ...runIdentity(config, dataset, backend.name), 'the space': JSON.stringify(space) };

  const trials = await readTrials(trialsFile, identity);
  for (;;) {
    const signal = trials.length === 0 ? stop : stopOrDeadline;
    if (signal.aborted) break;
    const { trial, epochs } = nextJob(trials, config.training.epochs);
    const values = trial === 0 ? {} : drawValues(space, new RandomStream(config.training.seed, `trial ${trial}`));
    const record = await train(config, { trial, epochs, values }, { split, inputs }, signal);
    if (record === undefined) break;
    trials.push(record);
    await writeTrials(trialsFile, identity, trials);
    announceTrial(record, observer);
  }

  const found = bestOf(trials);
  const best = trials.find((each) => each.trial === found?.trial && each.epochs === found.epochs);
  if (best === undefined) {
    throw new TuningError('The search was stopped before a training was done; start it again.');
  }
  const { data, model, training } = withValues(config, best.values);
  await writeAside(bestFile, `${JSON.stringify({ data, model, training }, null, 2)}\n`);
  return { trialsFile, bestFile, preset: config.training.preset, space, trials, best };
}

/** `undefined` when it was given up. */
async function train(
  config: VectorRecallConfig,
  { trial, epochs, values }: { readonly trial: number; readonly epochs: number; readonly values: Values },
  { split, inputs }: RaceData,
  signal: AbortSignal,
): Promise<TrialRecord | undefined> {
  const { model: modelConfig, training } = withValues(config, values);
  const model = new TwoTowerModel(modelConfig, inputs, new RandomStream(training.seed, 'weights'));
  const startedAt = performance.now();
  const record = (score: number): TrialRecord => {
    return { trial, epochs, score, seconds: (performance.now() - startedAt) / 1000, values };
  };
  try {
    const result = await new Trainer(model, split, { ...training, epochs }, { signal }).train();
    return record(Math.max(...result.epochs.map(({ validationHitRate100 }) => validationHitRate100)));
  } catch (error) {
    if (error instanceof TrainingInterruptedError) return undefined;
    if (error instanceof DivergedError) return record(0);
    throw error;
  }
}

function announceTrial({ trial, epochs, score, seconds }: TrialRecord, observer?: TrainingObserver): void {
  const message = `Trial ${trial}, epochs ${epochs}: HitRate@100 ${score.toFixed(4)} in ${seconds.toFixed(1)} s.`;
  observer?.notify({ type: 'notice', message });
}
