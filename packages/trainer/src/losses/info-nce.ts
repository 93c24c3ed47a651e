import * as tf from '@tensorflow/tfjs-core';
import {
  batchedScores,
  contrastiveLoss,
  LEFT_OUT,
  pairwiseScores,
  type PoolColumns,
  poolLoss,
  type ScoreColumns,
  type VectorLoss,
} from '@vector-recall/towers';
import type { Candidates } from '../negatives/candidates';

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
 * The loss is the mean over the rows of −log softmax at the positive's column, each row by its weight. It holds for one
 * step, since the candidates' arrays are reused.
 */
export function infoNce(candidates: Candidates, { temperature, weights }: StepTerms): VectorLoss {
  return (userVectors, itemVectors) => {
    // Dividing the user vectors divides every score, and they are far fewer.
    const sharpened: tf.Tensor2D = tf.mul(userVectors, 1 / temperature);
    if (candidates.layout === 'pool') return poolLoss(sharpened, itemVectors, { ...poolOf(candidates), weights });
    return contrastiveLoss(scoresOf(sharpened, itemVectors, candidates), { ...columnsOf(candidates), weights });
  };
}

/** `[batch, columns]` */
function scoresOf(userVectors: tf.Tensor2D, itemVectors: tf.Tensor2D, candidates: Candidates): tf.Tensor2D {
  const { layout, batch, columns } = candidates;
  if (layout === 'shared' || layout === 'catalogue') return pairwiseScores(userVectors, itemVectors);
  return batchedScores(userVectors, tf.reshape<tf.Rank.R3>(itemVectors, [batch, columns, userVectors.shape[1]]));
}

function columnsOf(candidates: Candidates): ScoreColumns {
  if (candidates.layout === 'catalogue') return { labels: candidates.positives, bias: absence(candidates) };
  const { layout, batch, items, logQ } = candidates;
  return {
    // The diagonal when columns are shared, else the first column.
    labels: layout === 'shared' ? Int32Array.from({ length: batch }, (_, row) => row) : new Int32Array(batch),
    // Yi et al. 2019, equation 3: s(x, y) − log p(y), in every column, the positive's own included. An item that is a
    // negative more often than others would otherwise be pushed down for its frequency alone.
    bias: logQ?.map((value) => -value),
    items,
  };
}

/** A row's own positive is certain and is not corrected. */
function poolOf({ batch, items, logQ }: Candidates): PoolColumns {
  return { items, bias: logQ && logQ.subarray(batch).map((value) => -value) };
}

/** Leaves the columns of the catalogue out that are absent, `[columns]`. */
function absence({ absent, columns }: Candidates): Float32Array | undefined {
  if (absent === undefined) return undefined;
  const bias = new Float32Array(columns);
  for (const column of absent) bias[column] = LEFT_OUT;
  return bias;
}
