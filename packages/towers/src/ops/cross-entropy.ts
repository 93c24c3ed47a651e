import * as tf from '@tensorflow/tfjs';
import { differentiable, type Forward } from './differentiable';
import { float32Type, int32Type, onNative, runNativeMultiple } from './native-op';

/**
 * Mean softmax cross-entropy of `scale`·logits: −1/B · Σ_b log softmax(scale·logits_b)[labels_b].
 *
 * @param logits `[batch, classes]`
 * @param labels int32 `[batch]`, each in [0, classes)
 * @param scale factor on all logits, such as 1/temperature
 */
export function scaledCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, scale = 1): tf.Scalar {
  return differentiable([logits], () => {
    const scaled: tf.Tensor2D = scale === 1 ? logits : tf.mul(logits, scale);
    return onNative() ? fused(scaled, labels, scale) : portable(scaled, labels, scale);
  });
}

function fused(logits: tf.Tensor2D, labels: tf.Tensor1D, scale: number): Forward<tf.Scalar> {
  // One kernel gives the loss of each row and its gradient, softmax − one-hot.
  const [losses, residual] = runNativeMultiple(
    'SparseSoftmaxCrossEntropyWithLogits',
    [float32Type('T'), int32Type('Tlabels')],
    [logits, labels],
    2,
  );
  return mean(losses, residual, scale);
}

function portable(logits: tf.Tensor2D, labels: tf.Tensor1D, scale: number): Forward<tf.Scalar> {
  const [, classes] = logits.shape;
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(shifted);
  const partition = tf.sum(exponentials, 1, true);
  const target = tf.cast(tf.oneHot(labels, classes), 'float32');
  const losses = tf.sub(tf.log(tf.reshape(partition, [-1])), tf.sum(tf.mul(shifted, target), 1));
  return mean(losses, tf.sub(tf.div(exponentials, partition), target), scale);
}

function mean(losses: tf.Tensor, residual: tf.Tensor, scale: number): Forward<tf.Scalar> {
  const [batch] = losses.shape;
  return {
    value: tf.mean<tf.Scalar>(losses),
    saved: [residual],
    gradient: (dy, [kept]) => [tf.mul(kept, tf.mul(dy, scale / batch))],
  };
}
