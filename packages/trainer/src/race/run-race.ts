import { performance } from 'node:perf_hooks';
import type { PresetName, VectorRecallConfig } from '@vector-recall/core-config';
import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { type TowerInputs, TwoTowerModel } from '@vector-recall/towers';
import { DivergedError } from '../errors';
import { Trainer } from '../training/trainer';
import {
  type Candidate,
  candidates,
  CLEAR_LEAD,
  MAX_BATCH_SIZE,
  MAX_EVENTS,
  MAX_POOL_SIZE,
  SURVIVORS,
} from './candidates';
import type { RaceLap, RaceReport } from './race-report';
import { sampleUsers } from './sample-users';

export interface RaceData {
  readonly split: Split;
  readonly inputs: TowerInputs;
}

export interface RaceOptions {
  /** The options under a preset; what was given by hand is the same under all. */
  readonly configFor: (preset: PresetName) => VectorRecallConfig;
  readonly seed: number;
  /** Told after every training, of how many there are. */
  readonly report?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Finds the recipe that fits a log: trains all candidates for a little while, and those with the best validation
 * HitRate@100 for longer (successive halving, Jamieson & Talwalkar 2016, with two rounds), unless one of them is far ahead.
 * The size of a round is a number of steps and not a time, so that one seed gives one winner. The test events are never
 * looked at.
 *
 * @throws TrainingInterruptedError when the signal was aborted
 */
export async function runRace({ split, inputs }: RaceData, options: RaceOptions): Promise<RaceReport> {
  const startedAt = performance.now();
  const field = distinct(options);
  const sample = sampleUsers(split, MAX_EVENTS, new RandomStream(options.seed, 'race'));
  const laps: RaceLap[] = [];
  const total = field.length + Math.min(SURVIVORS, field.length);
  const run = async (candidate: Candidate, round: 0 | 1): Promise<RaceLap> => {
    const lap = await train(candidate, round, { split: sample, inputs }, options);
    laps.push(lap);
    options.report?.(laps.length, total);
    return lap;
  };
  const first: RaceLap[] = [];
  for (const candidate of field) first.push(await run(candidate, 0));
  const [leader, ...others] = ranking(first).slice(0, SURVIVORS);
  const second: RaceLap[] = [];
  if (others.some(({ hitRate100 }) => hitRate100 * CLEAR_LEAD >= leader.hitRate100)) {
    for (const { preset } of [leader, ...others]) {
      const candidate = field.find((each) => each.preset === preset);
      if (candidate !== undefined) second.push(await run(candidate, 1));
    }
  }
  const [winner] = second.length === 0 ? [leader] : ranking(second);
  return { winner: winner.preset, laps, seconds: (performance.now() - startedAt) / 1000 };
}

/** Options that are given may leave nothing in which two presets differ: the first of them stands for both. */
function distinct({ configFor }: RaceOptions): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ preset }) => {
    const { model, training } = configFor(preset);
    const key = JSON.stringify([model, { ...training, preset: '' }]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function train(
  { preset, steps: ofRounds }: Candidate,
  round: 0 | 1,
  { split, inputs }: RaceData,
  { configFor, seed, signal }: RaceOptions,
): Promise<RaceLap> {
  const { model: modelConfig, training } = configFor(preset);
  const model = new TwoTowerModel(modelConfig, inputs, new RandomStream(seed, 'weights'));
  const startedAt = performance.now();
  const short = {
    ...training,
    maxSteps: Math.min(ofRounds[round], training.maxSteps || Infinity),
    batchSize: Math.min(training.batchSize, MAX_BATCH_SIZE),
    sharedPoolSize: Math.min(training.sharedPoolSize, MAX_POOL_SIZE),
  };
  const trainer = new Trainer(model, split, short, { signal, validatedEpochs: 'last' });
  let hitRate100 = 0;
  let steps = 0;
  try {
    const result = await trainer.train();
    hitRate100 = result.epochs[result.epochs.length - 1].validationHitRate100;
    steps = result.steps;
  } catch (error) {
    // A recipe whose loss is not finite on this log has lost.
    if (!(error instanceof DivergedError)) throw error;
  }
  return { preset, round: round + 1, steps, hitRate100, seconds: (performance.now() - startedAt) / 1000 };
}

/** Best first; of equals the earlier. */
function ranking(laps: readonly RaceLap[]): readonly RaceLap[] {
  return [...laps].sort((a, b) => b.hitRate100 - a.hitRate100);
}
