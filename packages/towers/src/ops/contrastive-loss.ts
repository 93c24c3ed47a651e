import * as tf from '@tensorflow/tfjs';
import { ColumnBias } from './column-bias';
import { softmaxCrossEntropy } from './cross-entropy';
import { differentiable } from './differentiable';
import { hasFusedOps, runNativeMultiple } from './native-op';

/** What a softmax over scores `[batch, columns]` knows of its columns. */
export interface ScoreColumns {
  /** The column that should win in each row, `[batch]`, each in [0, columns). */
  readonly labels: Int32Array;
  /** Added to the scores: `[columns]` for all rows alike, or `[batch · columns]`. */
  readonly bias?: Float32Array;
  /**
   * The item that each column holds, of either length as well. A column that holds the item of its row's label is no
   * negative, and is left out of that row.
   */
  readonly items?: Int32Array;
  /** How much each row counts, `[batch]`; one each by default. */
  readonly weights?: Float32Array;
}

const portableBias = new ColumnBias();

/** Mean cross-entropy of each row's softmax of scores + bias at its label, without what `items` rules out. */
export function contrastiveLoss(scores: tf.Tensor2D, columns: ScoreColumns): tf.Scalar {
  return hasFusedOps() ? fused(scores, columns) : portable(scores, columns);
}

/** One pass over the scores gives the losses and their gradient. */
function fused(scores: tf.Tensor2D, { labels, bias, items, weights }: ScoreColumns): tf.Scalar {
  return differentiable([scores], () => {
    const [batch] = scores.shape;
    const shares = weights?.map((weight) => weight / batch) ?? new Float32Array(batch).fill(1 / batch);
    const [losses, gradient] = runNativeMultiple(
      'VectorRecallSoftmaxLoss',
      [],
      [
        scores,
        tf.tensor1d(labels, 'int32'),
        perColumn(bias ?? new Float32Array(0), scores.shape),
        perColumn(items ?? new Int32Array(0), scores.shape),
        tf.tensor1d(shares),
      ],
      2,
    );
    return {
      value: tf.sum<tf.Scalar>(losses),
      saved: [gradient],
      // A loss that is what gradients are taken of has a gradient of one, and the scores' are the largest of a step.
      gradient: (dy, [kept]) => [dy.dataSync()[0] === 1 ? tf.clone(kept) : tf.mul(kept, dy)],
    };
  });
}

function perColumn(values: Float32Array | Int32Array, [batch, columns]: [number, number]): tf.Tensor {
  const type = values instanceof Int32Array ? 'int32' : 'float32';
  const ofEachRow = values.length === batch * columns && batch > 1;
  return ofEachRow ? tf.tensor2d(values, [batch, columns], type) : tf.tensor1d(values, type);
}

function portable(scores: tf.Tensor2D, columns: ScoreColumns): tf.Scalar {
  const { labels, weights } = columns;
  const bias = portableBias.of(columns, scores.shape);
  const corrected: tf.Tensor2D = bias === undefined ? scores : tf.add(scores, bias);
  return softmaxCrossEntropy(corrected, tf.tensor1d(labels, 'int32'), weights && tf.tensor1d(weights));
}
