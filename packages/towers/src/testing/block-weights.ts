import type * as tf from '@tensorflow/tfjs';
import type { BlockWeights } from '../ops/transformer-block';

/** Shapes of x `[rows, dim]` and of the weights of a transformer block, in the order that {@link blockOf} takes them. */
export function blockShapes(rows: number, dim: number, heads: number, ages: number): number[][] {
  const layer = [[dim, dim], [dim]];
  return [[rows, dim], ...layer, [dim, dim], ...layer, ...layer, ...layer, ...layer, [heads, ages]];
}

export function blockOf(tensors: readonly tf.Tensor[]): BlockWeights {
  const [query, queryBias, key, value, valueBias, output, outputBias, inner, innerBias, outer, outerBias, ages] =
    tensors as readonly (tf.Tensor1D & tf.Tensor2D)[];
  return { query, queryBias, key, value, valueBias, output, outputBias, inner, innerBias, outer, outerBias, ages };
}
