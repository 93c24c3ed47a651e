import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import * as tf from '@tensorflow/tfjs';
import { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs, UserBatch, VectorLoss } from '../model/types';
import { contrastiveLoss } from '../ops/contrastive-loss';
import { pairwiseScores } from '../ops/scores';

export const toyConfig: ModelConfig = {
  embeddingDim: 6,
  idDim: 4,
  itemIdStart: 'attributes',
  categoryDim: 3,
  tagDim: 2,
  featureDim: 5,
  historyDim: 4,
  hiddenDims: [8, 7],
  dropout: 0,
  historyEncoder: 'mean',
  historyLength: 3,
  halfLives: [1],
};

/** Inputs of every kind: 5 users and 7 items, one item without a category and one without tags. */
export function toyInputs(): TowerInputs {
  const random = new RandomStream(3, 'toy inputs');
  const features = (rows: number, width: number) => ({
    width,
    values: new Float32Array(rows * width).map(() => random.normal()),
  });
  return {
    users: { count: 5, features: features(5, 3) },
    items: {
      count: 7,
      categories: { count: 2, values: Int32Array.of(0, 1, 0, 1, -1, 0, 1) },
      tags: {
        count: 4,
        offsets: Int32Array.of(0, 2, 3, 3, 4, 6, 7, 9),
        values: Int32Array.of(0, 1, 2, 3, 0, 2, 1, 1, 3),
      },
      features: features(7, 2),
    },
  };
}

/** Four users, one of them unknown and one without a history. */
export function toyBatch(): UserBatch {
  return {
    users: Int32Array.of(0, 3, -1, 1),
    historyOffsets: Int32Array.of(0, 3, 3, 5, 6),
    historyItems: Int32Array.of(1, 2, 1, 5, 6, 0),
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
  return model;
}

const TEMPERATURE = 0.5;

/** InfoNCE (van den Oord et al. 2018, equation 4): user b's positive is item b, all items are its candidates. */
export const infoNce: VectorLoss = (users, items) => {
  const labels = Int32Array.from({ length: users.shape[0] }, (_, row) => row);
  return contrastiveLoss(pairwiseScores(tf.mul(users, 1 / TEMPERATURE), items), { labels });
};
