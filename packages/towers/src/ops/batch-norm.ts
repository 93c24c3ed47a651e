import * as tf from '@tensorflow/tfjs';
import { differentiable, type Forward } from './differentiable';
import { columnSums } from './matmul';
import { flag, float, float32Type, onNative, runNativeMultiple, text } from './native-op';

/** Mean and unbiased variance of each column of a batch, `[columns]`. */
export interface Moments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * Added to the variance before its root. The smallest that TensorFlow's kernels take on every device: fresh embedding
 * tables make a first layer whose variance is around 0.01, which a larger constant would distort.
 */
export const BATCH_NORM_EPSILON = 1.001e-5;

/**
 * Batch normalisation over the rows of x `[n, c]` in training (Ioffe & Szegedy 2015, algorithm 1):
 * γ·(x − μ)/√(σ² + ε) + β with the batch's own moments, γ and β `[c]`.
 * `onMoments` gets those moments for the moving averages that evaluation uses.
 */
export function batchNorm(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  onMoments: (moments: Moments) => void,
): tf.Tensor2D {
  return differentiable([x, gamma, beta], () =>
    onNative() ? fused(x, gamma, beta, onMoments) : portable(x, gamma, beta, onMoments),
  );
}

const fusedAttributes = [
  float32Type('T'),
  float32Type('U'),
  float('epsilon', BATCH_NORM_EPSILON),
  text('data_format', 'NHWC'),
  flag('is_training', true),
];

function fused(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  onMoments: (moments: Moments) => void,
): Forward<tf.Tensor2D> {
  // TensorFlow's kernel is made for images [N, H, W, C]; a batch of vectors is one pixel each.
  const [rows, columns] = x.shape;
  const image = tf.reshape(x, [rows, 1, 1, columns]);
  const none = tf.tensor1d([], 'float32');
  const [y, mean, variance, ...reserved] = runNativeMultiple(
    'FusedBatchNormV3',
    [...fusedAttributes, float('exponential_avg_factor', 1)],
    [image, gamma, beta, none, none],
    6,
  );
  onMoments({ mean: download(mean), variance: download(variance) });
  return {
    value: tf.reshape(y, [rows, columns]),
    saved: [image, gamma, ...reserved],
    gradient: (dy, [input, scale, ...reserves]) => {
      const [dx, dGamma, dBeta] = runNativeMultiple(
        'FusedBatchNormGradV3',
        fusedAttributes,
        [tf.reshape(dy, [rows, 1, 1, columns]), input, scale, ...reserves],
        5,
      );
      return [tf.reshape(dx, [rows, columns]), dGamma, dBeta];
    },
  };
}

function portable(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  onMoments: (moments: Moments) => void,
): Forward<tf.Tensor2D> {
  const [rows] = x.shape;
  const mean = tf.div(columnSums(x), rows);
  const centred: tf.Tensor2D = tf.sub(x, mean);
  const variance = tf.div(columnSums(tf.square(centred)), rows);
  const inverse = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON));
  const unbiased = tf.mul(variance, rows / Math.max(1, rows - 1));
  onMoments({ mean: download(mean), variance: download(unbiased) });
  return {
    value: tf.add(tf.mul(centred, tf.mul(gamma, inverse)), beta),
    saved: [centred, gamma, inverse],
    gradient: (dy, saved) => {
      const [deviation, scale, inverseStd] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
      const dBeta = columnSums(dy);
      const dGamma = tf.mul(columnSums(tf.mul(dy, deviation)), inverseStd);
      // dx = γ/σ · (dy − mean(dy) − x̂·mean(dy·x̂)), as one factor per column on dy and on the deviations.
      const slope = tf.mul(scale, inverseStd);
      const pull = tf.div(tf.mul(tf.mul(slope, inverseStd), dGamma), -rows);
      const shift = tf.div(tf.mul(slope, dBeta), -rows);
      const dx = tf.add(tf.add(tf.mul(dy, slope), tf.mul(deviation, pull)), shift);
      return [dx, dGamma, dBeta];
    },
  };
}

function download(column: tf.Tensor): Float32Array {
  return Float32Array.from(column.dataSync());
}
