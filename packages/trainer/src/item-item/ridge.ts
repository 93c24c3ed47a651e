import * as tf from '@tensorflow/tfjs-core';
import { invertOnHost } from '../evaluation/yardsticks/symmetric-inverse';

/** Share of the mean diagonal of XᵀX that is added to it. */
const RIDGE = 0.01;

/**
 * W in X·W ≈ Y by least squares with a ridge: `(XᵀX + λI)⁻¹ XᵀY` (Hoerl & Kennard 1970, equation 2.1).
 *
 * @param x `[rows, inputs]`
 * @param y `[rows, outputs]`
 * @returns `[inputs, outputs]`
 */
export function ridgeRegression(x: Float32Array, y: Float32Array, rows: number): Float32Array {
  const [inputs, outputs] = [x.length / rows, y.length / rows];
  const weights = tf.tidy(() => {
    const given = tf.transpose(tf.tensor2d(x, [rows, inputs]));
    const gram = tf.matMul(given, tf.tensor2d(x, [rows, inputs]));
    const ridge = tf.mul(tf.eye(inputs), tf.mul(RIDGE, tf.mean(tf.sum(tf.mul(gram, tf.eye(inputs)), 0))));
    const inverse = invertOnHost(tf.add(gram, ridge));
    return tf.matMul(inverse, tf.matMul(given, tf.tensor2d(y, [rows, outputs])));
  });
  const values = Float32Array.from(weights.dataSync());
  weights.dispose();
  return values;
}
