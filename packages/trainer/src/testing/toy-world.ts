import { sectionSchemas, type ModelConfig, type TrainingConfig } from '@vector-recall/core-config';
import { splitLeaveLastOut, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { TwoTowerModel, type TowerInputs } from '@vector-recall/towers';
import { logOf } from './logs';

const GROUPS = 4;
const ITEMS = 200;
const USERS = 120;
const EVENTS = 14;

/** Users who each like one group of items and now and then take another: easily learned, not by heart. */
export function toySplit(seed = 3): Split {
  const random = new RandomStream(seed, 'toy world');
  const histories = Array.from({ length: USERS }, (_, user) => {
    const seen = new Set<number>();
    while (seen.size < EVENTS) {
      const group = random.uniform() < 0.9 ? user % GROUPS : random.integer(GROUPS);
      seen.add(group + GROUPS * random.integer(ITEMS / GROUPS));
    }
    return [...seen];
  });
  return splitLeaveLastOut(logOf(ITEMS, histories));
}

export const toyInputs: TowerInputs = {
  users: { count: USERS },
  items: {
    count: ITEMS,
    fields: [
      {
        kind: 'category',
        name: 'group',
        count: GROUPS,
        values: Int32Array.from({ length: ITEMS }, (_, n) => n % GROUPS),
      },
    ],
  },
};

export const toyModelConfig: ModelConfig = sectionSchemas.model.parse({
  embeddingDim: 16,
  idDim: 8,
  // Items of a group would be nearly one vector, and an index could not be told right from wrong.
  itemIdStart: 'random',
  categoryDim: 8,
  historyDim: 8,
  hiddenDims: [32],
  historyLength: 5,
});

export function toyTrainingConfig(changes: Partial<TrainingConfig> = {}): TrainingConfig {
  return {
    ...sectionSchemas.training.parse({ epochs: 3, batchSize: 64, learningRate: 0.01, sharedPoolSize: 64 }),
    ...changes,
  };
}

export function toyModel(): TwoTowerModel {
  return new TwoTowerModel(toyModelConfig, toyInputs, new RandomStream(1, 'weights'));
}
