import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { columnSums, multiply, multiplyTransposed, transposedMultiply } from './matmul';
import { hasFusedOps, runNative, runNativeMultiple } from './native-op';
import { bfloat16 } from './precision';
import { relu } from './relu';

/** x·W + b for x `[n, in]`, W `[in, out]`, b `[out]` → `[n, out]` */
export function dense(x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  const gradients = (dy: tf.Tensor2D, saved: readonly tf.Tensor[]) => {
    const [input, kernel] = saved as [tf.Tensor2D, tf.Tensor2D];
    return [multiplyTransposed(dy, kernel), transposedMultiply(input, dy)];
  };
  if (bias === undefined) {
    return differentiable([x, weight], () => ({
      value: multiply(x, weight),
      saved: [x, weight],
      gradient: gradients,
    }));
  }
  return differentiable([x, weight, bias], () => ({
    value: tf.add(multiply(x, weight), bias),
    saved: [x, weight],
    gradient: (dy, saved) => [...gradients(dy, saved), columnSums(dy)],
  }));
}

/** As {@link dense}, for an x that is data and needs no gradient: one product less going back. */
export function denseOfConstant(x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  const gradient = (dy: tf.Tensor2D, saved: readonly tf.Tensor[]) => {
    const [input] = saved as [tf.Tensor2D];
    return transposedMultiply(input, dy);
  };
  if (bias === undefined) {
    return differentiable([weight], () => ({
      value: multiply(x, weight),
      saved: [x],
      gradient: (dy, saved) => [gradient(dy, saved)],
    }));
  }
  return differentiable([weight, bias], () => ({
    value: tf.add(multiply(x, weight), bias),
    saved: [x],
    gradient: (dy, saved) => [gradient(dy, saved), columnSums(dy)],
  }));
}

/** max(0, x·W + b), for an x that is data and needs no gradient; shapes as in {@link dense}. */
export function reluOfConstant(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  if (!hasFusedOps()) return relu(denseOfConstant(x, weight, bias));
  return differentiable([weight, bias], () => {
    const value = runNative<tf.Rank.R2>('VectorRecallReluLayer', [], [x, weight, bias, bfloat16()]);
    return {
      value,
      saved: [value, x],
      gradient: (dy, saved) => runNativeMultiple('VectorRecallReluLayerGradient', [], [dy, ...saved, bfloat16()], 2),
    };
  });
}
