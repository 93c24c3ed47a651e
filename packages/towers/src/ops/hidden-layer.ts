import * as tf from '@tensorflow/tfjs';
import { batchNorm, type Moments } from './batch-norm';
import { differentiable } from './differentiable';
import { BATCH_NORM_EPSILON } from './epsilons';
import { hasFusedOps, runNativeMultiple } from './native-op';
import { relu, reluDropout } from './relu';

/**
 * What follows a hidden layer's product in training: batch normalisation, ReLU and dropout of x `[n, c]`, in one pass
 * each way where ops are fused. Kept units are not scaled up; see {@link reluDropout}.
 *
 * @param gamma,beta as in {@link batchNorm}, `[c]`
 * @param mask of x's shape, 0 where a unit is dropped and 1 elsewhere; without it none is
 */
export function normalizeAndDrop(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mask: tf.Tensor2D | undefined,
  onMoments: (moments: Moments) => void,
): tf.Tensor2D {
  if (hasFusedOps()) return fused(x, gamma, beta, mask, onMoments);
  const normal = batchNorm(x, gamma, beta, onMoments);
  return mask === undefined ? relu(normal) : reluDropout(normal, ofType(mask, 'float32'));
}

function fused(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mask: tf.Tensor2D | undefined,
  onMoments: (moments: Moments) => void,
): tf.Tensor2D {
  return differentiable([x, gamma, beta], () => {
    const kept = mask === undefined ? tf.tensor1d([], 'bool') : ofType(mask, 'bool');
    const [value, mean, variance, inverse] = runNativeMultiple(
      'VectorRecallHiddenLayer',
      [],
      [x, gamma, beta, kept, tf.scalar(BATCH_NORM_EPSILON)],
      4,
    );
    onMoments({ mean: mean.dataSync<'float32'>(), variance: variance.dataSync<'float32'>() });
    return {
      value: value as tf.Tensor2D,
      saved: [value, x, gamma, mean, inverse],
      gradient: (dy, saved) => runNativeMultiple('VectorRecallHiddenLayerGradient', [], [dy, ...saved], 3),
    };
  });
}

/** TensorFlow copies in a cast to the type that a tensor has already. */
function ofType(mask: tf.Tensor2D, type: 'bool' | 'float32'): tf.Tensor2D {
  return mask.dtype === type ? mask : tf.cast(mask, type);
}
