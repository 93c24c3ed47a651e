import type { TrainingConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import type { Backend, TwoTowerModel } from '@vector-recall/towers';
import type { FittedModel } from './fit';
import type { DatasetReport, ModelReport, TrainingReport } from './summary';

export function describeDataset(dataset: Dataset, split: Split): DatasetReport {
  let trainingEvents = 0;
  let heldOutUsers = 0;
  for (let user = 0; user < split.log.userCount; user++) {
    trainingEvents += split.trainEnd[user] - split.log.offsets[user];
    if (split.test[user] >= 0) heldOutUsers++;
  }
  return {
    name: dataset.name,
    users: split.log.userCount,
    items: split.log.itemCount,
    interactions: dataset.interactions.items.length,
    trainingEvents,
    heldOutUsers,
    notes: dataset.notes,
  };
}

export function describeModel({ parameters, config }: TwoTowerModel): ModelReport {
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
    embeddingDim: config.embeddingDim,
    historyEncoder: config.historyEncoder,
  };
}

export function describeTraining(
  { run, result, refit }: FittedModel,
  backend: Backend,
  { preset, negatives }: Pick<TrainingConfig, 'preset' | 'negatives'>,
): TrainingReport {
  const { name, tensorflowVersion } = backend;
  return {
    run,
    backend: name,
    ...(tensorflowVersion === undefined ? {} : { tensorflowVersion }),
    preset,
    negatives,
    ...result,
    ...(refit === undefined ? {} : { refit }),
  };
}
