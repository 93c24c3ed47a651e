import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { type Backend, type TowerInputs, TwoTowerModel } from '@vector-recall/towers';
import { CheckpointStore, findCheckpoint } from '../checkpoint/checkpoint-store';
import { runIdentity } from '../checkpoint/run-identity';
import type { TrainingObserver } from '../observer';
import { Trainer, type TrainingResult } from '../training/trainer';

export interface FitOptions {
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  readonly resume?: string;
}

export interface FittedModel {
  readonly run: string;
  /** With the weights of the best epoch. */
  readonly model: TwoTowerModel;
  readonly result: TrainingResult;
}

/** Trains a new model, or goes on with the checkpoint that `resume` names. */
export async function fit(
  config: VectorRecallConfig,
  data: { readonly dataset: Dataset; readonly split: Split; readonly inputs: TowerInputs },
  backend: Backend,
  { observer, signal, resume }: FitOptions,
): Promise<FittedModel> {
  const root = join(config.runtime.output, 'checkpoints');
  const found = resume === undefined ? undefined : await findCheckpoint(root, resume);
  const run = found?.run ?? newRunName();
  const model = new TwoTowerModel(config.model, data.inputs, new RandomStream(config.training.seed, 'weights'));
  const checkpoints = new CheckpointStore(root, run, model, runIdentity(config, data.dataset, backend.name));
  const state = found && (await checkpoints.resume(found.folder));
  const trainer = new Trainer(model, data.split, config.training, {
    observer,
    signal,
    checkpoints,
    resume: state?.progress,
  });
  if (found && state) await checkpoints.restoreMoments(found.folder, trainer.adam, state.adamSteps);
  const result = await trainer.train();
  const { cold } = data.split;
  if (cold !== undefined) model.forget(cold.users, cold.items);
  return { run, model, result };
}

/** Sorts by time; the digits tell runs apart that begin in the same second. */
function newRunName(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(2).toString('hex')}`;
}
