import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { LAYER_NORM_EPSILON } from './epsilons';
import { layerNorm } from './layer-norm';
import { hasFusedOps, runNativeMultiple } from './native-op';
import { pickRows } from './rows';

/**
 * Rows of x `[n, d]` by index, normalised as in {@link layerNorm} and multiplied by scale `[d]`: `[reads.length, d]`.
 * No row is read twice.
 */
export function normalRows(x: tf.Tensor2D, reads: Int32Array, scale: tf.Tensor1D): tf.Tensor2D {
  return hasFusedOps() ? fused(x, reads, scale) : tf.mul(layerNorm(pickRows(x, reads)), scale);
}

function fused(x: tf.Tensor2D, reads: Int32Array, scale: tf.Tensor1D): tf.Tensor2D {
  const [rows] = x.shape;
  return differentiable([x, scale], () => {
    const places = tf.tensor1d(reads, 'int32');
    const inputs = [x, places, scale, tf.scalar(LAYER_NORM_EPSILON)];
    const [value, normal, inverse] = runNativeMultiple('VectorRecallNormalRows', [], inputs, 3);
    return {
      value: value as tf.Tensor2D,
      saved: [normal, inverse, places, scale],
      gradient: (dy, saved) =>
        runNativeMultiple('VectorRecallNormalRowsGradient', [], [dy, ...saved, tf.scalar(rows, 'int32')], 2),
    };
  });
}
