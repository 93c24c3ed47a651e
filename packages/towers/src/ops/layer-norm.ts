import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { LAYER_NORM_EPSILON } from './epsilons';

/**
 * Rows of x `[n, d]` at mean zero and variance one (Ba et al. 2016, equation 4): x̂ = (x − μ)/√(σ² + ε), without a gain
 * and a bias, which the layer that follows can hold. Its gradient is (dy − mean(dy) − x̂·mean(dy·x̂))/√(σ² + ε).
 */
export function layerNorm(x: tf.Tensor2D): tf.Tensor2D {
  return differentiable([x], () => {
    const centred: tf.Tensor2D = tf.sub(x, tf.mean(x, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), LAYER_NORM_EPSILON));
    const value: tf.Tensor2D = tf.mul(centred, inverse);
    return {
      value,
      saved: [value, inverse],
      gradient: (dy, [y, scale]) => {
        const along = tf.mean(tf.mul(dy, y), 1, true);
        return [tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, 1, true)), tf.mul(y, along)), scale)];
      },
    };
  });
}
