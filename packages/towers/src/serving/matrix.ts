/**
 * Rows in columns of a larger matrix: entry (row, column) is `values[row * stride + offset + column]`, so that layers
 * write side by side into what the next one reads. Doubles, which JavaScript computes in without converting.
 */
export interface Columns {
  readonly values: Float64Array;
  readonly stride: number;
  readonly offset: number;
}

/** A buffer of doubles that is used again by each batch and grows to the largest one. */
export class DoubleScratch {
  #values = new Float64Array(0);

  /** The first `length` entries, with whatever the last use left in them. */
  take(length: number): Float64Array {
    if (length > this.#values.length) this.#values = new Float64Array(length);
    return this.#values;
  }
}
