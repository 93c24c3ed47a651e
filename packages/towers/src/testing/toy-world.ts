import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import * as tf from '@tensorflow/tfjs';
import type { ItemItemWeights } from '../item-item/weights';
import { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs, UserBatch, VectorLoss } from '../model/types';
import { contrastiveLoss } from '../ops/contrastive-loss';
import { pairwiseScores } from '../ops/scores';

export const toyConfig: ModelConfig = {
  embeddingDim: 6,
  itemItemDim: 0,
  idDim: 4,
  itemIdStart: 'attributes',
  categoryDim: 3,
  tagDim: 2,
  featureDim: 5,
  historyDim: 4,
  trunk: 'layers',
  hiddenDims: [8, 7],
  dropout: 0,
  historyEncoder: 'mean',
  historyLength: 3,
  historyBlocks: 2,
  historyHeads: 2,
  historyDropout: 0,
  halfLives: [1],
};

/** Fields of every kind: 5 users and 7 items, some of which lack a category, tags or a text. */
export function toyInputs(): TowerInputs {
  const random = new RandomStream(3, 'toy inputs');
  const dense = (rows: number, width: number) => ({
    width,
    values: new Float32Array(rows * width).map(() => random.normal()),
  });
  return {
    users: {
      count: 5,
      fields: [
        { kind: 'numbers', name: 'features', ...dense(5, 3) },
        { kind: 'category', name: 'country', count: 2, values: Int32Array.of(0, 1, -1, 0, 1) },
        {
          kind: 'tags',
          name: 'interests',
          count: 3,
          offsets: Int32Array.of(0, 2, 3, 3, 5, 6),
          values: Int32Array.of(0, 1, 2, 1, 0, 2),
        },
        { kind: 'vectors', name: 'profile', ...dense(5, 3) },
      ],
      context: [
        { name: 'device', count: 2 },
        { name: 'weekday', count: 3 },
      ],
    },
    items: {
      count: 7,
      fields: [
        { kind: 'category', name: 'genre', count: 2, values: Int32Array.of(0, 1, 0, 1, -1, 0, 1) },
        {
          kind: 'tags',
          name: 'tags',
          count: 4,
          offsets: Int32Array.of(0, 2, 3, 3, 4, 6, 7, 9),
          values: Int32Array.of(0, 1, 2, 3, 0, 2, 1, 1, 3),
        },
        { kind: 'numbers', name: 'features', ...dense(7, 2) },
        {
          kind: 'text',
          name: 'title',
          count: 6,
          offsets: Int32Array.of(0, 2, 4, 6, 6, 9, 10, 12),
          values: Int32Array.of(5, 1, 4, 3, 2, 0, 0, 3, 5, 1, 2, 4),
        },
        { kind: 'vectors', name: 'image', ...dense(7, 3) },
      ],
    },
  };
}

/** The same, where histories tell three types of events apart. */
export function typedInputs(): TowerInputs {
  const { users, items } = toyInputs();
  return { users: { ...users, eventTypes: ['view', 'cart', 'purchase'] }, items };
}

/**
 * Four users, one of them unknown and one without a history, in contexts of which parts are unknown.
 * @param inputs of the model, which reads the context or types of events, or does not
 */
export function toyBatch({ users } = toyInputs()): UserBatch {
  return {
    users: Int32Array.of(0, 3, -1, 1),
    historyOffsets: Int32Array.of(0, 3, 3, 5, 6),
    historyItems: Int32Array.of(1, 2, 1, 5, 6, 0),
    historyTypes: users.eventTypes && Int32Array.of(0, 2, 0, 1, -1, 2),
    context: users.context && [Int32Array.of(0, 1, -1, 1), Int32Array.of(2, -1, 0, 1)],
  };
}

/** Item rows of a step, a repeat among them. */
export const toyItems = (): Int32Array => Int32Array.of(4, 2, 0, 6, 3, 2);

export function toyModel(config: Partial<ModelConfig> = {}, inputs = toyInputs()): TwoTowerModel {
  const model = new TwoTowerModel({ ...toyConfig, ...config }, inputs, new RandomStream(5, 'toy model'));
  // Fresh tables are small and fresh biases zero, which sits on the kink of a ReLU whose input is zero.
  const random = new RandomStream(6, 'toy weights');
  for (const { kind, trainable, values } of model.parameters.values()) {
    const scale = kind === 'table' ? 1 : 0.1;
    if (trainable) values.forEach((value, i) => (values[i] = value + random.normal() * scale));
  }
  if (model.config.itemItemDim > 0) model.itemItem = toyItemItem(model);
  return model;
}

/** An item-item term of arbitrary weights, as wide as the config says. */
export function toyItemItem({ config: { embeddingDim, itemItemDim }, inputs }: TwoTowerModel): ItemItemWeights {
  const random = new RandomStream(11, 'item-item');
  const rank = itemItemDim - 1;
  const normals = (rows: number, scale: number): Float32Array =>
    Float32Array.from({ length: rows * rank }, () => random.normal() * scale);
  const { count } = inputs.items;
  // Rows of items are of length one at most.
  const items = normals(count, 1).map((value) => Math.tanh(value) / Math.sqrt(rank));
  return { rank, users: normals(count, 1), weight: Math.fround(0.8), items, unknown: normals(embeddingDim, 0.7) };
}

const TEMPERATURE = 0.5;

/** InfoNCE (van den Oord et al. 2018, equation 4): user b's positive is item b, all items are its candidates. */
export const infoNce: VectorLoss = (users, items) => {
  const labels = Int32Array.from({ length: users.shape[0] }, (_, row) => row);
  return contrastiveLoss(pairwiseScores(tf.mul(users, 1 / TEMPERATURE), items), { labels });
};
