import type { VectorRecallConfig } from '@vector-recall/core-config';
import {
  chooseRepeatRule,
  type Dataset,
  holdOutCold,
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

/**
 * Reads or generates the data and cuts it as `--split` says.
 * @param adapt changes the data before it is cut
 */
export async function loadSplit(
  config: VectorRecallConfig,
  stages: Stages,
  adapt: (dataset: Dataset) => Dataset = (dataset) => dataset,
): Promise<{ readonly dataset: Dataset; readonly split: Split }> {
  const dataset = await stages.run(
    'data',
    'rows',
    async (report) => {
      const onProgress = ({ rows }: { rows: number }): void => {
        report(rows);
      };
      return adapt(await loadDataset(config.data, { seed: config.training.seed, onProgress }));
    },
    ({ name, interactions }) =>
      `${name}: ${interactions.userCount} users, ${interactions.itemCount} items, ${interactions.items.length} interactions`,
  );
  checkEnoughItems(dataset);
  const split = splitOf(dataset, config);
  for (const message of [...dataset.notes, ...split.notes]) stages.observer?.notify({ type: 'notice', message });
  return { dataset, split };
}

/** One item leaves nothing to rank: every list is the same. */
function checkEnoughItems({ name, interactions: { items } }: Dataset): void {
  if (items.some((item) => item !== items[0])) return;
  throw new TrainingDataError(
    `All events of ${name} are of one item; a model needs at least 2 items to choose between. Bring a log of more items.`,
  );
}

function splitOf(dataset: Dataset, { data, training }: VectorRecallConfig): Split {
  const { split, coldUsers, coldItems, seed } = training;
  if (split === 'leave-last-out') {
    const { rule, notes } = chooseRepeatRule(dataset, data.repeats);
    const held = holdOutCold(dataset.interactions, { users: coldUsers, items: coldItems }, seed, rule);
    return { ...held, notes: [...notes, ...held.notes] };
  }
  if (coldUsers === 0 && coldItems === 0) return splitAtRandom(dataset.interactions, split, seed);
  throw new TrainingDataError(
    'Cold users and items are held out of --split leave-last-out only; leave one of them out.',
  );
}
