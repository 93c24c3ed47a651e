import * as tf from '@tensorflow/tfjs';
import { sumColumns, transposeMatrix } from './host-columns';
import { hostView } from './host-view';
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
  if (b.shape[1] <= a.shape[1]) return tf.matMul(turned(a), b);
  const product: tf.Tensor2D = tf.matMul(turned(b), a);
  return tf.transpose(product);
}

/** Sums over the rows of x `[n, m]` → `[m]` */
export function columnSums(x: tf.Tensor2D): tf.Tensor1D {
  const [rows, columns] = x.shape;
  if (onNative()) return tf.reshape(multiply(tf.ones([1, rows]), x), [columns]);
  return tf.tensor1d(Float32Array.from(sumColumns(hostView(x), columns)));
}

/** The transpose of a tall x; on the host, where it takes a fraction of the time that tfjs's WASM kernel takes. */
function turned(x: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = x.shape;
  return tf.tensor2d(transposeMatrix(hostView(x), rows, columns), [columns, rows]);
}

function nativeProduct(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  return runNative<tf.Rank.R2>(
    'MatMul',
    [float32Type('T'), flag('transpose_a', transposeA), flag('transpose_b', transposeB)],
    [a, b],
  );
}
