import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';

/** Rows of x `[n, d]` by index: `[rows.length, d]`. No row is picked twice, so that the gradient only moves rows back. */
export function pickRows(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  const [count] = x.shape;
  return differentiable([x], () => ({
    value: gather(x, rows),
    saved: [],
    gradient: (dy) => [scatter(dy, rows, count)],
  }));
}

/** The rows of x `[n, d]` at `places` of a matrix `[count, d]` that is zero elsewhere. No place is taken twice. */
export function placeRows(x: tf.Tensor2D, places: Int32Array, count: number): tf.Tensor2D {
  return differentiable([x], () => ({
    value: scatter(x, places, count),
    saved: [],
    gradient: (dy) => [gather(dy, places)],
  }));
}

function gather(x: tf.Tensor2D, rows: Int32Array): tf.Tensor2D {
  return tf.gather(x, tf.tensor1d(rows, 'int32'));
}

function scatter(x: tf.Tensor2D, rows: Int32Array, count: number): tf.Tensor2D {
  return tf.scatterND(tf.tensor2d(rows, [rows.length, 1], 'int32'), x, [count, x.shape[1]]);
}
