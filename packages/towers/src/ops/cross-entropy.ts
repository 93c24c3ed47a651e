import * as tf from '@tensorflow/tfjs';
import { differentiable, type Forward } from './differentiable';
import { float32Type, int32Type, onNative, runNativeMultiple } from './native-op';

/**
 * Mean softmax cross-entropy: −1/B · Σ_b w_b · log softmax(logits_b)[labels_b].
 *
 * @param logits `[batch, classes]`
 * @param labels int32 `[batch]`, each in [0, classes)
 * @param weights of the rows, `[batch]`; one each by default. No gradient flows to them.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, weights?: tf.Tensor1D): tf.Scalar {
  return differentiable([logits], () => {
    const { losses, residual } = onNative() ? fused(logits, labels) : portable(logits, labels);
    if (weights === undefined) return mean(losses, residual);
    return mean(tf.mul(losses, weights), tf.mul(residual, tf.expandDims(weights, 1)));
  });
}

/** The loss of each row, `[batch]`, and its gradient, softmax − one-hot, `[batch, classes]`. */
interface RowLosses {
  readonly losses: tf.Tensor;
  readonly residual: tf.Tensor;
}

function fused(logits: tf.Tensor2D, labels: tf.Tensor1D): RowLosses {
  const [losses, residual] = runNativeMultiple(
    'SparseSoftmaxCrossEntropyWithLogits',
    [float32Type('T'), int32Type('Tlabels')],
    [logits, labels],
    2,
  );
  return { losses, residual };
}

function portable(logits: tf.Tensor2D, labels: tf.Tensor1D): RowLosses {
  const [, classes] = logits.shape;
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(shifted);
  const partition = tf.sum(exponentials, 1, true);
  const target = tf.cast(tf.oneHot(labels, classes), 'float32');
  const losses = tf.sub(tf.log(tf.reshape(partition, [-1])), tf.sum(tf.mul(shifted, target), 1));
  return { losses, residual: tf.sub(tf.div(exponentials, partition), target) };
}

function mean(losses: tf.Tensor, residual: tf.Tensor): Forward<tf.Scalar> {
  const [batch] = losses.shape;
  return {
    value: tf.mean<tf.Scalar>(losses),
    saved: [residual],
    gradient: (dy, [kept]) => [tf.mul(kept, tf.div(dy, batch))],
  };
}
