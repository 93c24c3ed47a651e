import * as tf from '@tensorflow/tfjs-core';
import { batchedScores, pairwiseScores, scaledCrossEntropy, type VectorLoss } from '@vector-recall/towers';
import type { Candidates } from '../negatives/candidates';
import { ColumnBias, MASKED } from './column-bias';

/** What differs from step to step besides the columns. */
export interface StepTerms {
  /** Divisor of the scores, above 0. */
  readonly temperature: number;
  /** How much each row counts, `[batch]`; one each by default. */
  readonly weights?: Float32Array;
}

/**
 * InfoNCE (van den Oord et al. 2018, equation 4) with cosine scores:
 *
 *     temperature → scores → logQ correction → accidental-hit mask → cross-entropy
 *
 * The loss is the mean over the rows of −log softmax at the positive's column, each row by its weight.
 */
export class InfoNce {
  readonly #bias = new ColumnBias();

  /** The loss of one step; it holds for the step alone, since the candidates' arrays are reused. */
  over(candidates: Candidates, { temperature, weights }: StepTerms): VectorLoss {
    return (userVectors, itemVectors) => {
      // Dividing the user vectors divides every score, and they are far fewer.
      const sharpened: tf.Tensor2D = tf.mul(userVectors, 1 / temperature);
      const scores = scoresOf(sharpened, itemVectors, candidates);
      const corrected =
        candidates.layout === 'catalogue' ? leaveOut(scores, candidates) : this.#correctAndMask(scores, candidates);
      return scaledCrossEntropy(corrected, positiveColumns(candidates), 1, weights && tf.tensor1d(weights));
    };
  }

  /** `[batch, columns]` */
  #correctAndMask(scores: tf.Tensor2D, candidates: Candidates): tf.Tensor2D {
    return tf.add(scores, tf.tensor2d(this.#bias.compute(candidates), [candidates.batch, candidates.columns]));
  }
}

/** `[batch, columns]`, the catalogue without the columns that are absent. */
function leaveOut(scores: tf.Tensor2D, { absent, columns }: Candidates): tf.Tensor2D {
  if (absent === undefined) return scores;
  const bias = new Float32Array(columns);
  for (const column of absent) bias[column] = MASKED;
  return tf.add(scores, tf.tensor1d(bias));
}

/** `[batch, columns]` */
function scoresOf(userVectors: tf.Tensor2D, itemVectors: tf.Tensor2D, candidates: Candidates): tf.Tensor2D {
  const { layout, batch, columns } = candidates;
  if (layout !== 'per-row') return pairwiseScores(userVectors, itemVectors);
  return batchedScores(userVectors, tf.reshape<tf.Rank.R3>(itemVectors, [batch, columns, userVectors.shape[1]]));
}

/** `[batch]`: the item itself in the catalogue, the diagonal when columns are shared, else the first column. */
function positiveColumns({ layout, batch, positives }: Candidates): tf.Tensor1D {
  if (layout === 'catalogue') return tf.tensor1d(positives, 'int32');
  const columns = layout === 'shared' ? Int32Array.from({ length: batch }, (_, row) => row) : new Int32Array(batch);
  return tf.tensor1d(columns, 'int32');
}
