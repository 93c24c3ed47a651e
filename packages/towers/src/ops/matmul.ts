import * as tf from '@tensorflow/tfjs';
import { flag, float32Type, onNative, runNative } from './native-op';

/**
 * Matrix products of the shapes that layers and their gradients need.
 * On WASM a transpose flag makes tfjs an order of magnitude slower than a transposed operand, and the right operand is
 * repacked at each call, at a cost per entry that is near that of the product where it is tall.
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
  // Both operands are tall: the narrower one is repacked.
  if (b.shape[1] <= a.shape[1]) return tf.matMul(tf.transpose(a), b);
  const turned: tf.Tensor2D = tf.matMul(tf.transpose(b), a);
  return tf.transpose(turned);
}

/** Sums over the rows of x `[n, m]` → `[m]` */
export function columnSums(x: tf.Tensor2D): tf.Tensor1D {
  const [rows, columns] = x.shape;
  if (onNative()) return tf.reshape(multiply(tf.ones([1, rows]), x), [columns]);
  // WASM transposes for a sum over the first axis and repacks x for a product; a loop on the host does neither.
  return tf.tensor1d(sumRows(x.dataSync(), rows, columns));
}

function sumRows(x: tf.TypedArray, rows: number, columns: number): Float32Array {
  const sums = new Float32Array(columns);
  let row = 0;
  // Four rows at a time read and write the sums a quarter as often.
  for (; row + 4 <= rows; row += 4) {
    const a = row * columns;
    const b = a + columns;
    const c = b + columns;
    const d = c + columns;
    for (let i = 0; i < columns; i++) sums[i] += x[a + i] + x[b + i] + (x[c + i] + x[d + i]);
  }
  for (; row < rows; row++) {
    for (let i = 0; i < columns; i++) sums[i] += x[row * columns + i];
  }
  return sums;
}

function nativeProduct(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  return runNative<tf.Rank.R2>(
    'MatMul',
    [float32Type('T'), flag('transpose_a', transposeA), flag('transpose_b', transposeB)],
    [a, b],
  );
}
