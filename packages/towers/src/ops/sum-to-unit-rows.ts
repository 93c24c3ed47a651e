import * as tf from '@tensorflow/tfjs';
import { differentiable } from './differentiable';
import { L2_EPSILON } from './epsilons';
import { l2Normalize } from './l2-normalize';
import { count as countOf, hasFusedOps, runNative, runNativeMultiple } from './native-op';

/**
 * The sum of the pieces of all parts, at length one as in {@link l2Normalize}: `[n, width]`.
 *
 * @param parts `[n, pieces · width]` each
 */
export function sumToUnitRows(parts: readonly tf.Tensor2D[], width: number): tf.Tensor2D {
  return hasFusedOps() ? fused(parts, width) : portable(parts, width);
}

function fused(parts: readonly tf.Tensor2D[], width: number): tf.Tensor2D {
  const pieces = parts.map(({ shape }) => shape[1] / width);
  return differentiable(parts, () => {
    const [value, inverse] = runNativeMultiple(
      'VectorRecallUnitRowsOfSums',
      [countOf('count', parts.length)],
      [...parts, tf.scalar(width, 'int32'), tf.scalar(L2_EPSILON)],
      2,
    );
    return {
      value: value as tf.Tensor2D,
      saved: [value, inverse],
      gradient: (dy, saved) => {
        const piece = runNative<tf.Rank.R2>('VectorRecallUnitRowsGradient', [], [dy, ...saved]);
        return pieces.map((copies) => (copies === 1 ? tf.clone(piece) : tf.tile(piece, [1, copies])));
      },
    };
  });
}

function portable(parts: readonly tf.Tensor2D[], width: number): tf.Tensor2D {
  const sums = parts.map((part): tf.Tensor2D => {
    const [rows, columns] = part.shape;
    return columns === width ? part : tf.sum(tf.reshape(part, [rows, columns / width, width]), 1);
  });
  return l2Normalize(sums.reduce((sum, part) => tf.add(sum, part)));
}
