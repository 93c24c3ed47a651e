import * as tf from '@tensorflow/tfjs';
import { dense } from './dense';
import { differentiable } from './differentiable';
import { type Dropout, dropped, keptScale, keptUnits } from './dropout';
import { hasFusedOps, runNative, runNativeMultiple } from './native-op';
import { placeRows } from './rows';

/** The rows that sequences take one after the other, each its start and then its entries: `[sequences + 1]`. */
export function rowOffsetsOf(entryOffsets: Int32Array): Int32Array {
  return entryOffsets.map((offset, s) => offset + s);
}

/**
 * Sequences as rows, one after the other without padding: the start, and then the entries · scale.
 *
 * @param entries `[entries, d]`; absent where every sequence is empty
 * @param start `[1, d]`
 * @param entryOffsets `[sequences + 1]`: sequence s is the entries `entryOffsets[s]` to `entryOffsets[s + 1] - 1`
 * @param dropout of the entries
 * @returns `[entries + sequences, d]`, see {@link rowOffsetsOf}
 */
export function sequenceRows(
  entries: tf.Tensor2D | undefined,
  start: tf.Tensor2D,
  entryOffsets: Int32Array,
  scale: number,
  dropout?: Dropout,
): tf.Tensor2D {
  return hasFusedOps()
    ? fused(entries ?? tf.zeros([0, start.shape[1]]), start, entryOffsets, scale, dropout)
    : portable(entries, start, entryOffsets, scale, dropout);
}

function fused(
  entries: tf.Tensor2D,
  start: tf.Tensor2D,
  entryOffsets: Int32Array,
  scale: number,
  dropout?: Dropout,
): tf.Tensor2D {
  const scales = (): tf.Tensor[] => [tf.scalar(scale), tf.scalar(keptScale(dropout))];
  return differentiable([entries, start], () => {
    const lists = [tf.tensor1d(entryOffsets, 'int32'), keptUnits(dropout)];
    return {
      value: runNative<tf.Rank.R2>('VectorRecallSequenceRows', [], [entries, start, ...lists, ...scales()]),
      saved: lists,
      gradient: (dy, saved) =>
        runNativeMultiple('VectorRecallSequenceRowsGradient', [], [dy, ...saved, ...scales()], 2),
    };
  });
}

function portable(
  entries: tf.Tensor2D | undefined,
  start: tf.Tensor2D,
  entryOffsets: Int32Array,
  scale: number,
  dropout?: Dropout,
): tf.Tensor2D {
  const count = entryOffsets.length - 1;
  const rows = entryOffsets[count] + count;
  const repeated = dense(tf.ones([count, 1]), start);
  const starts = placeRows(repeated, rowOffsetsOf(entryOffsets).subarray(0, count), rows);
  if (entries === undefined) return starts;
  const places = new Int32Array(entryOffsets[count]);
  for (let s = 0; s < count; s++) {
    for (let at = entryOffsets[s]; at < entryOffsets[s + 1]; at++) places[at] = at + s + 1;
  }
  return tf.add(starts, placeRows(dropped(tf.mul(entries, scale), dropout), places, rows));
}
