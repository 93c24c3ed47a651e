import * as tf from '@tensorflow/tfjs';
import { differentiable, type Forward } from './differentiable';
import { sumColumns, sumOfProducts, sumSquaredDeviations } from './host-columns';
import { hostView } from './host-view';
import { BATCH_NORM_EPSILON } from './epsilons';
import { flag, float, float32Type, onNative, runNativeMultiple, text } from './native-op';

/** Mean and unbiased variance of each column of a batch, `[columns]`. */
export interface Moments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

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

/** Moments and their gradients are loops on the host, over the values where they lie: two tfjs passes less each way. */
function portable(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  onMoments: (moments: Moments) => void,
): Forward<tf.Tensor2D> {
  const [rows, columns] = x.shape;
  const values = hostView(x);
  const mean = sumColumns(values, columns).map((sum) => sum / rows);
  const squares = sumSquaredDeviations(values, mean);
  const inverse = squares.map((sum) => 1 / Math.sqrt(sum / rows + BATCH_NORM_EPSILON));
  onMoments({
    mean: Float32Array.from(mean),
    variance: Float32Array.from(squares, (sum) => sum / Math.max(1, rows - 1)),
  });
  const slope = mulColumns(hostView(gamma), inverse);
  const shift = Float32Array.from(hostView(beta), (offset, i) => offset - mean[i] * slope[i]);
  return {
    value: tf.add(tf.mul(x, tf.tensor1d(slope)), tf.tensor1d(shift)),
    saved: [x],
    gradient: (dy, saved) => {
      const [input] = saved as [tf.Tensor2D];
      const dySums = sumColumns(hostView(dy), columns);
      const dGamma = mulColumns(sumOfProducts(hostView(dy), hostView(input), mean), inverse);
      // dx = γ/σ · (dy − mean(dy) − x̂·mean(dy·x̂)), as one factor per column on dy and on x.
      const pull = Float32Array.from(slope, (factor, i) => (-factor * inverse[i] * dGamma[i]) / rows);
      const rest = Float32Array.from(slope, (factor, i) => (-factor * dySums[i]) / rows - pull[i] * mean[i]);
      const dx = tf.add(tf.add(tf.mul(dy, tf.tensor1d(slope)), tf.mul(input, tf.tensor1d(pull))), tf.tensor1d(rest));
      return [dx, tf.tensor1d(dGamma), tf.tensor1d(Float32Array.from(dySums))];
    },
  };
}

/** a·b for each column, both `[columns]` */
function mulColumns(a: Float32Array | Float64Array, b: Float64Array): Float32Array {
  return Float32Array.from(a, (value, i) => value * b[i]);
}

function download(column: tf.Tensor): Float32Array {
  return Float32Array.from(column.dataSync());
}
