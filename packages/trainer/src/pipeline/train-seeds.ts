import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import type { Backend, TowerInputs } from '@vector-recall/towers';
import type { Metrics, SeedsReport } from '../evaluation/evaluation-report';
import { measureModel } from './evaluate-model';
import { fit } from './fit';
import type { RunTrainingOptions } from './options';
import type { Stages } from './stages';

/** What every training starts from. */
interface SeedData {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly inputs: TowerInputs;
}

/**
 * Trains again with the seeds that follow the first, on the same split, and evaluates on the same users. What differs is
 * what a seed decides in a training: first weights, order of events, negatives and dropout.
 *
 * @param first metrics of the first training
 * @returns `undefined` where one training is all that is asked for
 */
export async function trainSeeds(
  config: VectorRecallConfig,
  data: SeedData,
  backend: Backend,
  first: Metrics,
  stages: Stages,
  { observer, signal }: Pick<RunTrainingOptions, 'observer' | 'signal'>,
): Promise<SeedsReport | undefined> {
  const { seed } = config.training;
  if (config.runtime.seeds === 1) return undefined;
  const seeds = Array.from({ length: config.runtime.seeds }, (_, n) => seed + n);
  const runs = [first];
  for (const next of seeds.slice(1)) {
    observer?.notify({
      type: 'notice',
      message: `Training with seed ${next}, of ${seed} to ${seeds[seeds.length - 1]}.`,
    });
    const ofSeed = { ...config, training: { ...config.training, seed: next } };
    const { model } = await stages.run('train', 'steps', () => fit(ofSeed, data, backend, { observer, signal }));
    const options = { config: config.evaluation, seed, signal };
    runs.push(
      await stages.run('evaluate', 'users', (report) => measureModel(model, data.split, { ...options, report })),
    );
  }
  return { seeds, runs, ...summarise(runs) };
}

/** Mean and standard deviation of each metric over the runs. */
export function summarise(runs: readonly Metrics[]): Pick<SeedsReport, 'mean' | 'spread'> {
  const names = Object.keys(runs[0]);
  const mean = Object.fromEntries(
    names.map((name) => [name, runs.reduce((sum, run) => sum + run[name], 0) / runs.length]),
  );
  const spread = Object.fromEntries(
    names.map((name) => {
      const squares = runs.reduce((sum, run) => sum + (run[name] - mean[name]) ** 2, 0);
      return [name, Math.sqrt(squares / Math.max(1, runs.length - 1))];
    }),
  );
  return { mean, spread };
}
