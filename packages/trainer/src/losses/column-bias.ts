import type { Candidates } from '../negatives/candidates';

/** Far below any score, and yet no infinity: its gradient is zero and not NaN. */
export const MASKED = -1e9;

/**
 * What is added to the scaled scores before the softmax, `[batch, columns]`: the logQ correction and the mask of
 * accidental hits. It is laid out on the host, where both cost one pass over memory, and added in one op.
 * The buffer is reused: the returned array holds until the next call.
 */
export class ColumnBias {
  #values = new Float32Array(0);
  #next = new Int32Array(0);

  compute(candidates: Candidates): Float32Array {
    const size = candidates.batch * candidates.columns;
    if (this.#values.length !== size) this.#values = new Float32Array(size);
    correctForSampling(this.#values, candidates);
    if (candidates.layout === 'per-row') maskPerRowHits(this.#values, candidates);
    else this.#maskSharedHits(candidates);
    return this.#values;
  }

  /** Masks, for each row, the other columns that hold the row's positive. */
  #maskSharedHits(candidates: Candidates): void {
    const { items, batch, columns } = candidates;
    if (this.#next.length < columns) this.#next = new Int32Array(columns);
    const next = this.#next;
    // Columns of one item form a chain; walking a row's chain costs as much as there are hits.
    const heads = new Map<number, number>();
    for (let column = 0; column < columns; column++) {
      next[column] = heads.get(items[column]) ?? -1;
      heads.set(items[column], column);
    }
    for (let row = 0; row < batch; row++) {
      for (let column = heads.get(items[row]) ?? -1; column >= 0; column = next[column]) {
        if (column !== row) this.#values[row * columns + column] = MASKED;
      }
    }
  }
}

/**
 * Yi et al. 2019, equation 3: s(x, y) − log p(y), in every column, the positive's own included. An item that is a
 * negative more often than others would otherwise be pushed down for its frequency alone.
 */
function correctForSampling(out: Float32Array, candidates: Candidates): void {
  const { layout, logQ, batch, columns } = candidates;
  if (logQ === undefined) {
    out.fill(0);
    return;
  }
  if (layout === 'per-row') {
    for (let n = 0; n < out.length; n++) out[n] = -logQ[n];
    return;
  }
  for (let column = 0; column < columns; column++) out[column] = -logQ[column];
  for (let row = 1; row < batch; row++) out.copyWithin(row * columns, 0, columns);
}

function maskPerRowHits(out: Float32Array, candidates: Candidates): void {
  const { items, batch, columns } = candidates;
  for (let row = 0; row < batch; row++) {
    const first = row * columns;
    const positive = items[first];
    for (let n = first + 1; n < first + columns; n++) if (items[n] === positive) out[n] = MASKED;
  }
}
