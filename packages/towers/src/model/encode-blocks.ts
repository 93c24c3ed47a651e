import * as tf from '@tensorflow/tfjs';
import type { UserBatch } from './types';

/** Rows encoded at once: large enough for the backend to be busy, small enough that activations stay near 30 MB. */
export const BLOCK_ROWS = 8192;

/**
 * Fills `[rows, dim]` block by block, so that memory does not grow with the number of rows.
 * @param encode the vectors of rows [start, end) as a tensor `[end - start, dim]`
 */
export function encodeInBlocks(
  rows: number,
  blockRows: number,
  dim: number,
  encode: (start: number, end: number) => tf.Tensor2D,
): Float32Array {
  const vectors = new Float32Array(rows * dim);
  for (let start = 0; start < rows; start += blockRows) {
    tf.engine().startScope();
    try {
      vectors.set(encode(start, Math.min(rows, start + blockRows)).dataSync(), start * dim);
    } finally {
      tf.engine().endScope();
    }
  }
  return vectors;
}

/** Entries [start, end) of a batch. */
export function sliceUsers(batch: UserBatch, start: number, end: number, featureWidth: number): UserBatch {
  if (start === 0 && end === batch.users.length) return batch;
  const first = batch.historyOffsets[start];
  const last = batch.historyOffsets[end];
  return {
    users: batch.users.subarray(start, end),
    historyOffsets: batch.historyOffsets.slice(start, end + 1).map((offset) => offset - first),
    historyItems: batch.historyItems.subarray(first, last),
    historyTypes: batch.historyTypes?.subarray(first, last),
    features: batch.features?.subarray(start * featureWidth, end * featureWidth),
    context: batch.context?.map((labels) => labels.subarray(start, end)),
  };
}
