import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';
import { dropoutMask } from './dropout-mask';

/** Units that a step keeps, which are scaled up by 1/(1 − share). */
export interface Dropout {
  /** Of the shape of what is dropped from: 0 where a unit is dropped and 1 elsewhere. */
  readonly mask: tf.Tensor2D;
  /** Share of the units that are dropped, in (0, 1). */
  readonly share: number;
}

/** Nothing is dropped without a stream or a share. */
export function drawDropout(
  shape: [number, number],
  share: number,
  random: RandomStream | undefined,
): Dropout | undefined {
  if (random === undefined || share === 0) return undefined;
  return { mask: dropoutMask(shape, share, random), share };
}

/** x `[n, d]` without the units that are dropped; x itself where none is. */
export function dropped(x: tf.Tensor2D, dropout: Dropout | undefined): tf.Tensor2D {
  if (dropout === undefined) return x;
  return tf.mul(x, tf.mul(tf.cast(dropout.mask, 'float32'), keptScale(dropout)));
}

/** What kept units are multiplied by. */
export function keptScale(dropout: Dropout | undefined): number {
  return dropout === undefined ? 1 : 1 / (1 - dropout.share);
}

/** The mask as fused ops take it: bytes, and an empty tensor where nothing is dropped. */
export function keptUnits(dropout: Dropout | undefined): tf.Tensor {
  if (dropout === undefined) return tf.tensor1d([], 'bool');
  return dropout.mask.dtype === 'bool' ? tf.clone(dropout.mask) : tf.cast(dropout.mask, 'bool');
}
