import type { TrainingConfig, VectorRecallConfig } from '@vector-recall/core-config';
import {
  type Dataset,
  holdOutCold,
  type InteractionLog,
  loadDataset,
  type Split,
  splitAtRandom,
} from '@vector-recall/datasets';
import { type Backend, selectBackend } from '@vector-recall/towers';
import { TrainingDataError } from '../errors';
import type { Stages } from './stages';

/** Starts tfjs, and passes on what it has to say. */
export async function startBackend(config: VectorRecallConfig, stages: Stages): Promise<Backend> {
  const backend = await stages.run(
    'runtime',
    'backends',
    () => selectBackend(config.runtime.backend),
    ({ name, tensorflowVersion }) =>
      tensorflowVersion === undefined ? name : `${name}, TensorFlow ${tensorflowVersion}`,
  );
  if (backend.notice !== undefined) stages.observer?.notify({ type: 'notice', message: backend.notice });
  return backend;
}

/** Reads or generates the data and cuts it as `--split` says. */
export async function loadSplit(
  config: VectorRecallConfig,
  stages: Stages,
): Promise<{ readonly dataset: Dataset; readonly split: Split }> {
  const dataset = await stages.run(
    'data',
    'rows',
    (report) => {
      const onProgress = ({ rows }: { rows: number }): void => {
        report(rows);
      };
      return loadDataset(config.data, { seed: config.training.seed, onProgress });
    },
    ({ name, interactions }) =>
      `${name}: ${interactions.userCount} users, ${interactions.itemCount} items, ${interactions.items.length} interactions`,
  );
  for (const message of dataset.notes) stages.observer?.notify({ type: 'notice', message });
  return { dataset, split: splitOf(dataset.interactions, config.training) };
}

function splitOf(log: InteractionLog, { split, coldUsers, coldItems, seed }: TrainingConfig): Split {
  if (split === 'leave-last-out') return holdOutCold(log, { users: coldUsers, items: coldItems }, seed);
  if (coldUsers === 0 && coldItems === 0) return splitAtRandom(log, split, seed);
  throw new TrainingDataError(
    'Cold users and items are held out of --split leave-last-out only; leave one of them out.',
  );
}
