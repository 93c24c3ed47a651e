import * as tf from '@tensorflow/tfjs';

/**
 * What the fused ops round the operands of their products to. Sums and all else are float32, and so are the products
 * that TensorFlow computes.
 */
export type Precision = 'float32' | 'bfloat16';

let inUse: Precision = 'float32';

/** Runs `work`, in which the fused ops and their gradients multiply with this precision; outside of it, with float32. */
export function withPrecision<T>(precision: Precision, work: () => T): T {
  const before = inUse;
  inUse = precision;
  try {
    return work();
  } finally {
    inUse = before;
  }
}

/** The input of a fused op that says whether its products are of bfloat16. */
export function bfloat16(): tf.Scalar {
  return tf.scalar(inUse === 'bfloat16', 'bool');
}
