import * as tf from '@tensorflow/tfjs';

/** Parts `[n, width]` each → `[n, sum of the widths]` */
export function sideBySide(parts: readonly tf.Tensor2D[]): tf.Tensor2D {
  return parts.length === 1 ? parts[0] : tf.concat2d([...parts], 1);
}
