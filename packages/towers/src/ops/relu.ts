import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { float32Type, onNative, runNative } from './native-op';

/** max(x, 0) */
export function relu(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], () => {
    const value = tf.relu(x);
    return { value, saved: [value], gradient: (dy, [y]) => [passWherePositive(dy, y)] };
  });
}

/**
 * ReLU, then dropout with a mask of zeros and ones of x's shape.
 * The kept units are not scaled up here: the next layer's weights are, by 1/(1 − rate), which is the same product on a
 * far smaller tensor. One pass then serves the gradient of both, since the value is positive exactly where it passes.
 */
export function reluDropout(x: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], () => {
    const value: tf.Tensor2D = tf.mul(tf.relu(x), mask);
    return { value, saved: [value], gradient: (dy, [y]) => [passWherePositive(dy, y)] };
  });
}

function passWherePositive(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  if (onNative()) return runNative('ReluGrad', [float32Type('T')], [dy, y]);
  return tf.mul(dy, tf.step(y));
}
