import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';

/** Half the distance between the two points of a difference: 32-bit rounding and curvature are both small there. */
const STEP = 1e-2;

/** A float tensor of the shape with entries from N(0, 1), none nearer to zero than 0.05, where a ReLU has its kink. */
export function randomTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], random: RandomStream): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape)).map(() => {
    const value = random.normal();
    return value + Math.sign(value) * 0.05;
  });
  return tf.tensor<R>(values, shape);
}

/**
 * The largest difference between the gradient that an op states and central differences, over all entries of all
 * inputs, as a share of the largest entry. The op's output is made a scalar with fixed random weights.
 */
export function gradientError(
  op: (inputs: readonly tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  random: RandomStream,
): number {
  const weights = randomTensor(op(inputs).shape, random);
  const objective = (values: readonly tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(op(values), weights));
  const stated = tf.grads((...values: tf.Tensor[]) => objective(values))([...inputs]);
  let error = 0;
  let largest = 0;
  for (const [i, input] of inputs.entries()) {
    const gradient = stated[i].dataSync();
    const values = input.dataSync();
    for (let entry = 0; entry < values.length; entry++) {
      const at = (shift: number): number => {
        const moved = Float32Array.from(values);
        moved[entry] += shift;
        return tf.tidy(() => objective(inputs.with(i, tf.tensor(moved, input.shape))).dataSync()[0]);
      };
      error = Math.max(error, Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - gradient[entry]));
      largest = Math.max(largest, Math.abs(gradient[entry]));
    }
  }
  return error / largest;
}
