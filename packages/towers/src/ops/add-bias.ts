import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { columnSums } from './matmul';

/** Adds b `[m]` to each row of x `[n, m]`. */
export function addBias(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return differentiable([x, bias], () => ({
    value: tf.add(x, bias),
    saved: [],
    gradient: (dy) => [tf.clone(dy), columnSums(dy)],
  }));
}
