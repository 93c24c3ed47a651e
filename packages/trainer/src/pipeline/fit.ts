import { localFolderOf } from '@vector-recall/model-store';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import { type Dataset, type Split, withValidation } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { type Backend, type TowerInputs, TwoTowerModel } from '@vector-recall/towers';
import { CheckpointStore, findCheckpoint, findRefit, REFIT } from '../checkpoint/checkpoint-store';
import type { RunIdentity, RunRecord } from '../checkpoint/checkpoint-state';
import { runIdentity } from '../checkpoint/run-identity';
import type { Origin } from '../continuation/origin';
import type { Past } from '../continuation/past';
import { addItemItem, chooseItemItem } from '../item-item/add-item-item';
import type { TrainingObserver } from '../observer';
import type { KnownEase } from './evaluate-model';
import { plannedEpochs } from '../schedule/planned-epochs';
import { Trainer, type TrainingResult } from '../training/trainer';

export interface FitOptions {
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  readonly resume?: string;
}

export interface FittedModel {
  readonly run: string;
  readonly model: TwoTowerModel;
  /** Of the training that the best epoch was chosen in. */
  readonly result: TrainingResult;
  /** Of the second training, with the validation events; absent where the model has the weights of the best epoch. */
  readonly refit?: { readonly epochs: number; readonly seconds: number };
  /** How far the item-item term spreads scores beside the towers; absent where the model has none. */
  readonly itemItemShare?: number;
  /** What is known of EASE^R since the term was made from it. */
  readonly ease: KnownEase;
}

interface FitData {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly inputs: TowerInputs;
  /** The published model that is continued; absent for a new one. */
  readonly origin?: Pick<Origin, 'version' | 'start' | 'refitted' | 'itemItemShare'>;
  /** The version whose histories come before the data. */
  readonly past?: Pick<Past, 'version'>;
}

/** Trains a new model, or goes on with the checkpoint that `resume` names. */
export async function fit(
  config: VectorRecallConfig,
  data: FitData,
  backend: Backend,
  options: FitOptions,
): Promise<FittedModel> {
  const root = join(localFolderOf(config.runtime.output), 'checkpoints');
  const identity = runIdentity(config, data.dataset, backend.name, data.origin?.version);
  const found = options.resume === undefined ? undefined : await findCheckpoint(root, options.resume);
  const run = found?.run ?? newRunName();
  const chosen = newModel(config, data);
  const record = { config, from: data.origin?.version, historyFrom: data.past?.version };
  const checkpoints = new CheckpointStore(root, run, chosen, identity, '', record);
  const { origin, split } = data;
  const isRefitted = refits(config, split);
  // A published model may have been fitted to the validation events: they can't tell how long to go on with it. One epoch
  // then says where validation stands, and the second training takes the whole schedule.
  const isTold = isRefitted && origin?.refitted === true;
  const first = isTold ? { ...config, training: { ...config.training, epochs: 1 } } : config;
  const result = await train(first, split, chosen, { ...options, checkpoints, folder: found?.folder });
  const epochs = isTold ? plannedEpochs(config.training, result.steps) : result.bestEpoch;
  // For the same reason a term keeps its share, and a model without one stays without.
  const choice =
    origin === undefined
      ? await chooseItemItem(chosen, split, config, options.signal)
      : { share: origin.itemItemShare };
  const fitted = isRefitted
    ? await refit(config, data, { root, run, identity, record, epochs }, options)
    : { model: chosen };
  const { model } = fitted;
  if (split.cold !== undefined) model.forget(split.cold.users, split.cold.items);
  const part = isRefitted ? 'test' : 'validation';
  const weights = await addItemItem(model, split, choice, part, config, options.signal);
  const itemItemShare = model.itemItem && choice.share;
  // As a yardstick it knows all that comes before the test.
  const ease = { lambda: choice.lambda, weights: isRefitted ? weights : undefined };
  return { run, result, ...fitted, itemItemShare, ease };
}

/** The random splits follow papers, whose models do not see the validation events. */
function refits({ training }: VectorRecallConfig, { random }: Split): boolean {
  return training.refit && random === undefined;
}

interface RefitRun {
  readonly root: string;
  readonly run: string;
  readonly identity: RunIdentity;
  readonly record: RunRecord;
  readonly epochs: number;
}

/** Starts from the same weights and trains on the validation events too. @param run `epochs`: so many of the schedule */
async function refit(
  config: VectorRecallConfig,
  data: FitData,
  { root, run, identity, record, epochs }: RefitRun,
  options: FitOptions,
): Promise<Pick<FittedModel, 'model' | 'refit'>> {
  const model = newModel(config, data);
  const split = withValidation(data.split);
  const checkpoints = new CheckpointStore(root, run, model, identity, REFIT, record);
  const folder = options.resume === undefined ? undefined : await findRefit(root, run);
  const { seconds } = await train(config, split, model, { ...options, checkpoints, folder, refitEpochs: epochs });
  return { model, refit: { epochs, seconds } };
}

function newModel({ model, training }: VectorRecallConfig, { inputs, dataset, origin }: FitData): TwoTowerModel {
  const made = new TwoTowerModel(model, inputs, new RandomStream(training.seed, 'weights'));
  origin?.start(made, dataset);
  return made;
}

/** @param options `folder` is the checkpoint to go on with */
async function train(
  config: VectorRecallConfig,
  split: Split,
  model: TwoTowerModel,
  {
    observer,
    signal,
    checkpoints,
    folder,
    refitEpochs,
  }: Omit<FitOptions, 'resume'> & {
    readonly checkpoints: CheckpointStore;
    readonly folder?: string;
    readonly refitEpochs?: number;
  },
): Promise<TrainingResult> {
  const state = folder === undefined ? undefined : await checkpoints.resume(folder);
  const resume = state?.progress;
  const trainer = new Trainer(model, split, config.training, { observer, signal, checkpoints, resume, refitEpochs });
  if (folder !== undefined && state) await checkpoints.restoreMoments(folder, trainer.adam, state.adamSteps);
  return trainer.train();
}

/** Sorts by time; the digits tell runs apart that begin in the same second. */
function newRunName(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(2).toString('hex')}`;
}
