import type { TableGradient } from '../model/types';
import type { BlockColumns, RowLists } from './block';
import { addScaled, copyScaled } from './lookup';
import { RowSlots } from './row-slots';

/**
 * Sums the gradients of a batch's look-ups by table row. One per table, used again at every step: its buffers grow to
 * the largest batch and stay.
 */
export class RowGradients {
  readonly #dim: number;
  readonly #slots: RowSlots;
  #sums: Float32Array;

  /** @param dim width of the table */
  constructor(dim: number) {
    this.#dim = dim;
    this.#slots = new RowSlots();
    this.#sums = new Float32Array(dim * 1024);
  }

  /** Forgets the last batch, and with it the gradient that {@link result} gave. */
  clear(): void {
    this.#slots.clear();
  }

  /** Adds the gradient that starts at `start` to one row. */
  addRow(row: number, gradient: Float32Array, start: number): void {
    this.#accumulate(row, gradient, start, 1);
  }

  /** Row i of the block is the gradient of `rows[i]`; a row of -1 was no look-up. */
  add(rows: Int32Array, gradient: BlockColumns): void {
    const { values, stride, offset } = gradient;
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] >= 0) this.#accumulate(rows[i], values, i * stride + offset, 1);
    }
  }

  /** Row i of the block is the gradient of the mean of the rows in list `picks[i]`, or in list i without picks. */
  addMean(lists: RowLists, gradient: BlockColumns, picks?: Int32Array): void {
    const { values, stride, offset } = gradient;
    const { offsets, rows } = lists;
    const count = picks?.length ?? offsets.length - 1;
    for (let i = 0; i < count; i++) {
      const list = picks?.[i] ?? i;
      const start = offsets[list];
      const end = offsets[list + 1];
      const scale = 1 / (end - start);
      for (let entry = start; entry < end; entry++) this.#accumulate(rows[entry], values, i * stride + offset, scale);
    }
  }

  /** The sums so far; views into this object's buffers that hold until `clear`. */
  result(): TableGradient {
    return { rows: this.#slots.rows(), values: this.#sums.subarray(0, this.#slots.size * this.#dim) };
  }

  #accumulate(row: number, from: Float32Array, fromStart: number, scale: number): void {
    const known = this.#slots.size;
    const slot = this.#slots.slotOf(row);
    const start = slot * this.#dim;
    if (slot < known) {
      addScaled(from, fromStart, this.#sums, start, this.#dim, scale);
      return;
    }
    if (start + this.#dim > this.#sums.length) this.#grow();
    // The first gradient of a row overwrites what the last batch left there.
    copyScaled(from, fromStart, this.#sums, start, this.#dim, scale);
  }

  #grow(): void {
    const larger = new Float32Array(this.#sums.length * 2);
    larger.set(this.#sums);
    this.#sums = larger;
  }
}
