import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { multiply, multiplyTransposed, transposedMultiply } from './matmul';
import { flag, float32Type, onNative, runNative } from './native-op';

/** Scores of every user against every item, U·Iᵀ: `[users, d]`, `[items, d]` → `[users, items]` */
export function pairwiseScores(users: tf.Tensor2D, items: tf.Tensor2D): tf.Tensor2D {
  return differentiable([users, items], () => ({
    value: multiplyTransposed(users, items),
    saved: [users, items],
    gradient: (dy, saved) => {
      const [u, v] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [multiply(dy, v), transposedMultiply(dy, u)];
    },
  }));
}

/** Dot product of each row of a with the same row of b: both `[n, d]` → `[n]` */
export function rowwiseDot(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return differentiable([a, b], () => ({
    value: tf.sum<tf.Tensor1D>(tf.mul(a, b), 1),
    saved: [a, b],
    gradient: (dy, [left, right]) => {
      const column = tf.expandDims(dy, 1);
      return [tf.mul(right, column), tf.mul(left, column)];
    },
  }));
}

/** Scores of each user against items of their own: users `[b, d]`, items `[b, n, d]` → `[b, n]` */
export function batchedScores(users: tf.Tensor2D, items: tf.Tensor3D): tf.Tensor2D {
  return differentiable([users, items], () => ({
    value: dots(users, items),
    saved: [users, items],
    gradient: (dy, saved) => {
      const [u, v] = saved as [tf.Tensor2D, tf.Tensor3D];
      return [combine(dy, v), outer(dy, u)];
    },
  }));
}

/** Sum of each row's vectors by weight: weights `[b, n]`, vectors `[b, n, d]` → `[b, d]` */
export function weightedSum(weights: tf.Tensor2D, vectors: tf.Tensor3D): tf.Tensor2D {
  return differentiable([weights, vectors], () => ({
    value: combine(weights, vectors),
    saved: [weights, vectors],
    gradient: (dy, saved) => {
      const [w, v] = saved as [tf.Tensor2D, tf.Tensor3D];
      return [dots(dy, v), outer(w, dy)];
    },
  }));
}

/** `[b, d]`, `[b, n, d]` → `[b, n]` */
function dots(vector: tf.Tensor2D, vectors: tf.Tensor3D): tf.Tensor2D {
  const [batch, count, dim] = vectors.shape;
  return tf.reshape(batchProduct(vectors, tf.reshape(vector, [batch, dim, 1])), [batch, count]);
}

/** `[b, n]`, `[b, n, d]` → `[b, d]` */
function combine(weights: tf.Tensor2D, vectors: tf.Tensor3D): tf.Tensor2D {
  const [batch, count, dim] = vectors.shape;
  return tf.reshape(batchProduct(tf.reshape(weights, [batch, 1, count]), vectors), [batch, dim]);
}

/** `[b, n]`, `[b, d]` → `[b, n, d]` */
function outer(weights: tf.Tensor2D, vector: tf.Tensor2D): tf.Tensor3D {
  return tf.mul(tf.expandDims(weights, 2), tf.expandDims(vector, 1));
}

function batchProduct(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  if (!onNative()) return tf.matMul(a, b);
  return runNative<tf.Rank.R3>('BatchMatMulV2', [float32Type('T'), flag('adj_x', false), flag('adj_y', false)], [a, b]);
}
