import * as tf from '@tensorflow/tfjs-core';
import type { TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer } from '../batches/histories';
import type { Scorer } from './scorer';
import type { EvaluationTask } from './task';

/** Cosine of the two towers, with the users' histories as the task knows them. */
export function modelScorer(model: TwoTowerModel, task: EvaluationTask): Scorer {
  const { strangers } = task;
  const events = Math.min(model.config.historyLength, strangers?.events ?? Infinity);
  const histories = new HistoryGatherer(task.log, events);
  const dim = model.config.embeddingDim;
  let itemVectors: tf.Tensor2D | undefined;
  return {
    name: 'model',
    prepare(columns) {
      const encoded = model.encodeItems(columns);
      // Transposed once: a matrix product with a transpose flag is slow on WASM.
      itemVectors = tf.tidy(() => tf.transpose(tf.tensor2d(encoded, [columns.length, dim])));
    },
    score(users, _columns, out) {
      const items = itemVectors;
      if (items === undefined) throw new RangeError('prepare comes before score.');
      const ends = users.map((user) => task.ends[user]);
      const batch = histories.gather(users, ends);
      const encoded = model.encodeUsers(strangers ? { ...batch, users: users.map(() => -1) } : batch);
      const scores = tf.tidy(() => tf.matMul(tf.tensor2d(encoded, [users.length, dim]), items));
      out.set(scores.dataSync());
      scores.dispose();
    },
    dispose() {
      itemVectors?.dispose();
      itemVectors = undefined;
    },
  };
}
