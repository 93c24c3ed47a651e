import * as tf from '@tensorflow/tfjs';

/** What the forward part of an op hands over. */
export interface Forward<Output extends tf.Tensor> {
  readonly value: Output;
  /** Tensors the gradient needs; everything else that the forward part has made is freed before the gradient runs. */
  readonly saved: readonly tf.Tensor[];
  /** Gradients of the inputs in their order, from the gradient of the value and the saved tensors. */
  readonly gradient: (dy: Output, saved: readonly tf.Tensor[]) => tf.Tensor[];
}

/** Runs an op whose gradient is written by hand (`tf.customGrad`, typed). */
export function differentiable<Output extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: () => Forward<Output>,
): Output {
  return tf.customGrad<Output>((...values) => {
    const save = values[values.length - 1];
    if (typeof save !== 'function') throw new Error('tfjs did not pass its save function to a custom gradient.');
    const { value, saved, gradient } = forward();
    save([...saved]);
    return {
      value,
      // Without the tidy, what a gradient computes on its way stays allocated until the whole step ends.
      gradFunc: (dy: Output, kept: tf.Tensor[]) => tf.tidy(() => gradient(dy, kept)),
    };
  })(...inputs);
}
