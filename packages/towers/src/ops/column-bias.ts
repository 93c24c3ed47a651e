import * as tf from '@tensorflow/tfjs';
import type { ScoreColumns } from './contrastive-loss';

/** Far below any score, and yet no infinity: its gradient is zero and not NaN. */
export const LEFT_OUT = -1e9;

/**
 * What is added to scores before a softmax, where ops are not fused: the bias and {@link LEFT_OUT} for columns that are
 * no negatives. It is laid out on the host, where both cost one pass over memory, and added in one op.
 * The buffer is reused: a tensor holds until the next call.
 */
export class ColumnBias {
  #values = new Float32Array(0);

  /** @returns `[columns]` or `[batch, columns]`, or nothing where nothing is to be added */
  of({ labels, bias, items }: ScoreColumns, [batch, columns]: [number, number]): tf.Tensor | undefined {
    if (items === undefined) {
      if (bias === undefined) return undefined;
      return bias.length === columns ? tf.tensor1d(bias) : tf.tensor2d(bias, [batch, columns]);
    }
    const size = batch * columns;
    if (this.#values.length !== size) this.#values = new Float32Array(size);
    spread(bias, columns, this.#values);
    if (items.length === columns) leaveOutShared(this.#values, items, labels);
    else leaveOutOfRows(this.#values, items, labels);
    return tf.tensor2d(this.#values, [batch, columns]);
  }
}

/** Writes the bias to each row. */
function spread(bias: Float32Array | undefined, columns: number, out: Float32Array): void {
  if (bias === undefined) {
    out.fill(0);
    return;
  }
  out.set(bias);
  for (let filled = bias.length; filled < out.length; filled += columns) out.copyWithin(filled, 0, columns);
}

/** Leaves out, for each row, the other columns that hold its label's item. */
function leaveOutShared(out: Float32Array, items: Int32Array, labels: Int32Array): void {
  const columns = items.length;
  // Columns of one item form a chain; walking a row's chain costs as much as there are hits.
  const next = new Int32Array(columns);
  const heads = new Map<number, number>();
  for (let column = 0; column < columns; column++) {
    next[column] = heads.get(items[column]) ?? -1;
    heads.set(items[column], column);
  }
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    for (let column = heads.get(items[label]) ?? -1; column >= 0; column = next[column]) {
      if (column !== label) out[row * columns + column] = LEFT_OUT;
    }
  }
}

function leaveOutOfRows(out: Float32Array, items: Int32Array, labels: Int32Array): void {
  const columns = items.length / labels.length;
  for (let row = 0; row < labels.length; row++) {
    const first = row * columns;
    const label = first + labels[row];
    for (let n = first; n < first + columns; n++) if (items[n] === items[label] && n !== label) out[n] = LEFT_OUT;
  }
}
