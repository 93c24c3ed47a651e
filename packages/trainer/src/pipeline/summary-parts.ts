import type { TrainingConfig } from '@vector-recall/core-config';
import { type Dataset, dateOf, type Split, timeSpan } from '@vector-recall/datasets';
import { type Backend, choosePrecision, type TwoTowerModel } from '@vector-recall/towers';
import { countExamples } from '../batches/examples';
import { profileOf } from './data-profile';
import type { Origin } from '../continuation/origin';
import type { FittedModel } from './fit';
import type { DatasetReport, ModelReport, TrainingReport } from './summary';
import type { RaceReport } from '../race/race-report';

export function describeDataset(dataset: Dataset, split: Split): DatasetReport {
  const heldOutUsers = split.testAt.reduce((sum, at) => sum + Number(at >= 0), 0);
  const { order, timestamps } = dataset.interactions;
  const span = order === 'time' ? timeSpan(timestamps) : undefined;
  return {
    name: dataset.name,
    users: split.log.userCount,
    items: split.log.itemCount,
    interactions: dataset.interactions.items.length,
    ...(span === undefined ? {} : { span: { first: dateOf(span.first), last: dateOf(span.last) } }),
    profile: profileOf(dataset.interactions),
    trainingEvents: countExamples(split),
    heldOutUsers,
    notes: [...dataset.notes, ...split.notes],
  };
}

export function describeModel({ parameters, config, dim }: TwoTowerModel): ModelReport {
  let all = 0;
  let inTables = 0;
  for (const { trainable, kind, values } of parameters.values()) {
    if (!trainable) continue;
    all += values.length;
    if (kind === 'table') inTables += values.length;
  }
  return {
    parameters: all,
    tableParameters: inTables,
    embeddingDim: dim,
    historyEncoder: config.historyEncoder,
  };
}

export function describeTraining(
  { run, result, refit, itemItemShare, race }: FittedModel & { readonly race?: RaceReport },
  backend: Backend,
  { preset, negatives, precision }: Pick<TrainingConfig, 'preset' | 'negatives' | 'precision'>,
  origin?: Pick<Origin, 'version'>,
): TrainingReport {
  const { name, tensorflowVersion } = backend;
  return {
    run,
    backend: name,
    ...(tensorflowVersion === undefined ? {} : { tensorflowVersion }),
    preset,
    negatives,
    precision: choosePrecision(precision),
    ...(origin === undefined ? {} : { continuedFrom: origin.version }),
    ...result,
    // Where validation did not choose the epochs of a refit, it can't tell that there are better ones.
    notes: refit === undefined || refit.epochs === result.bestEpoch ? notesOnTraining(result) : [],
    ...(refit === undefined ? {} : { refit }),
    ...(itemItemShare === undefined ? {} : { itemItemShare }),
    ...(race === undefined ? {} : { race }),
  };
}

/** A best epoch at the end of a training tells that there may be better ones behind it. */
export function notesOnTraining({ epochs, bestEpoch, stoppedEarly }: FittedModel['result']): string[] {
  if (stoppedEarly || epochs.length === 0 || bestEpoch !== epochs.length) return [];
  return [`The best epoch was the last one, so more may be better: raise --epochs (now ${epochs.length}).`];
}
