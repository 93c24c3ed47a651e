import * as tf from '@tensorflow/tfjs-core';
import { multiplyRows } from '@vector-recall/hnsw-index';
import type { TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer } from '../batches/histories';
import type { Scorer } from './scorer';
import type { EvaluationTask } from './task';

/** Cosine of the two towers, with the users' histories as the task knows them. */
export function modelScorer(model: TwoTowerModel, task: EvaluationTask): Scorer {
  const { strangers } = task;
  const events = Math.min(model.config.historyLength, strangers?.events ?? Infinity);
  const histories = new HistoryGatherer(task.log, events);
  const { dim } = model;
  let itemVectors: Float32Array = new Float32Array(0);
  return {
    name: 'model',
    prepare(columns) {
      itemVectors = model.encodeItems(columns);
    },
    score(users, _columns, out) {
      if (itemVectors.length === 0) throw new RangeError('prepare comes before score.');
      const ends = users.map((user) => task.ends[user]);
      const batch = histories.gather(users, ends);
      const encoded = model.encodeUsers(strangers ? { ...batch, users: users.map(() => -1) } : batch);
      if (!multiplyRows(itemVectors, dim, encoded, out)) multiplyByTensors(itemVectors, dim, encoded, out);
    },
    dispose() {
      itemVectors = new Float32Array(0);
    },
  };
}

/** The same, where there is no native engine. */
function multiplyByTensors(vectors: Float32Array, dim: number, queries: Float32Array, products: Float32Array): void {
  const scores = tf.tidy(() => {
    // Transposed by itself: a matrix product with a transpose flag is slow on WASM.
    const columns = tf.transpose(tf.tensor2d(vectors, [vectors.length / dim, dim]));
    return tf.matMul(tf.tensor2d(queries, [queries.length / dim, dim]), columns);
  });
  products.set(scores.dataSync());
  scores.dispose();
}
