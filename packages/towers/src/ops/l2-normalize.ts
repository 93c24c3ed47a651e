import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { L2_EPSILON } from './epsilons';
import { hasFusedOps, runNative, runNativeMultiple } from './native-op';

/** Rows of x `[n, d]` at length one: y = x/√max(‖x‖², ε). Its gradient is (dy − y·(y·dy))/‖x‖. */
export function l2Normalize(x: tf.Tensor2D): tf.Tensor2D {
  return hasFusedOps() ? fused(x) : portable(x);
}

function fused(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], () => {
    const [value, inverse] = runNativeMultiple('VectorRecallUnitRows', [], [x, tf.scalar(L2_EPSILON)], 2);
    return {
      value: value as tf.Tensor2D,
      saved: [value, inverse],
      gradient: (dy, saved) => [runNative('VectorRecallUnitRowsGradient', [], [dy, ...saved])],
    };
  });
}

function portable(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], () => {
    const squared: tf.Tensor2D = tf.maximum(tf.sum(tf.square(x), 1, true), L2_EPSILON);
    const inverse = tf.rsqrt(squared);
    const value: tf.Tensor2D = tf.mul(x, inverse);
    return {
      value,
      saved: [value, inverse],
      gradient: (dy, [y, scale]) => {
        const along = tf.sum(tf.mul(dy, y), 1, true);
        return [tf.mul(tf.sub(dy, tf.mul(y, along)), scale)];
      },
    };
  });
}
