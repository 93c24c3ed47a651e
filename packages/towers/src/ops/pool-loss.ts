import * as tf from '@tensorflow/tfjs';
import { contrastiveLoss } from './contrastive-loss';
import { differentiable } from './differentiable';
import { hasFusedOps, runNativeMultiple } from './native-op';
import { bfloat16 } from './precision';
import { pairwiseScores, rowwiseDot } from './scores';

/** What a softmax over a row's own item and a pool that all rows share knows of the items. */
export interface PoolColumns {
  /** Which item each of the vectors is, `[batch + pool]`. One of the pool that is a row's own is no negative there. */
  readonly items: Int32Array;
  /** Added to the scores of the pool, `[pool]`. */
  readonly bias?: Float32Array;
  /** How much each row counts, `[batch]`; one each by default. */
  readonly weights?: Float32Array;
}

/**
 * Mean cross-entropy of each row's softmax over the scores of its own item, which should win, and of the pool.
 *
 * @param users `[batch, d]`
 * @param items `[batch + pool, d]`: each row's own, and then the pool
 */
export function poolLoss(users: tf.Tensor2D, items: tf.Tensor2D, columns: PoolColumns): tf.Scalar {
  return hasFusedOps() ? fused(users, items, columns) : portable(users, items, columns);
}

function fused(users: tf.Tensor2D, items: tf.Tensor2D, columns: PoolColumns): tf.Scalar {
  const [batch] = users.shape;
  return differentiable([users, items], () => {
    const shares = columns.weights?.map((weight) => weight / batch) ?? new Float32Array(batch).fill(1 / batch);
    const lists = [tf.tensor1d(columns.items, 'int32'), tf.tensor1d(columns.bias ?? []), tf.tensor1d(shares)];
    const inputs = [users, items, ...lists, bfloat16()];
    const [loss, ...gradients] = runNativeMultiple('VectorRecallPoolLoss', [], inputs, 3);
    return {
      value: loss as tf.Scalar,
      saved: gradients,
      // A loss that is what gradients are taken of has a gradient of one.
      gradient: (dy, saved) => {
        const [factor] = dy.dataSync();
        return saved.map((kept) => (factor === 1 ? tf.clone(kept) : tf.mul(kept, factor)));
      },
    };
  });
}

function portable(users: tf.Tensor2D, items: tf.Tensor2D, { items: ids, bias, weights }: PoolColumns): tf.Scalar {
  const [batch] = users.shape;
  const columns = ids.length - batch + 1;
  const [own, pool] = tf.split<tf.Tensor2D>(items, [batch, columns - 1]);
  const ownScores = tf.reshape<tf.Rank.R2>(rowwiseDot(users, own), [batch, 1]);
  const scores = tf.concat2d([ownScores, pairwiseScores(users, pool)], 1);
  const idsOfRows = new Int32Array(batch * columns);
  for (let row = 0; row < batch; row++) {
    idsOfRows[row * columns] = ids[row];
    idsOfRows.set(ids.subarray(batch), row * columns + 1);
  }
  const columnBias = bias && Float32Array.from({ length: columns }, (_, c) => (c === 0 ? 0 : bias[c - 1]));
  return contrastiveLoss(scores, { labels: new Int32Array(batch), bias: columnBias, items: idsOfRows, weights });
}
