import * as tf from '@tensorflow/tfjs';
import { flag, float32Type, onNative, runNative } from './native-op';

/**
 * Matrix products of the shapes that layers and their gradients need.
 * tfjs's WASM kernel is an order of magnitude slower with a transpose flag than with a transposed operand, so there
 * the operand that is cheaper to turn is turned.
 */

/** a `[n, k]` times b `[k, m]` → `[n, m]` */
export function multiply(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return onNative() ? nativeProduct(a, b, false, false) : tf.matMul(a, b);
}

/** a `[n, k]` times the transpose of b `[m, k]` → `[n, m]` */
export function multiplyTransposed(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return onNative() ? nativeProduct(a, b, false, true) : tf.matMul(a, tf.transpose(b));
}

/** The transpose of a `[n, k]` times b `[n, m]` → `[k, m]` */
export function transposedMultiply(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (onNative()) return nativeProduct(a, b, true, false);
  if (a.shape[1] <= b.shape[1]) return tf.matMul(tf.transpose(a), b);
  const turned: tf.Tensor2D = tf.matMul(tf.transpose(b), a);
  return tf.transpose(turned);
}

/** Sums over the rows of x `[n, m]` → `[m]` */
export function columnSums(x: tf.Tensor2D): tf.Tensor1D {
  // A sum over the first axis transposes on WASM; one row of ones times the matrix does not.
  const ones: tf.Tensor2D = tf.ones([1, x.shape[0]]);
  return tf.reshape(multiply(ones, x), [x.shape[1]]);
}

function nativeProduct(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  return runNative<tf.Rank.R2>(
    'MatMul',
    [float32Type('T'), flag('transpose_a', transposeA), flag('transpose_b', transposeB)],
    [a, b],
  );
}
