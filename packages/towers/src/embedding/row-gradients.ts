import type { TableGradient } from '../model/types';
import { hostKernels, type HostKernels } from '../native/host-kernels';
import type { BlockColumns, RowLists } from './block';
import { addRow } from './lookup';
import { RowSlots } from './row-slots';

/** How much the entries of a list count in several weighted means of it, by their age; `RecencyWeights` are such. */
export interface AgeWeights {
  readonly scales: number;
  /** The longest list. */
  readonly length: number;
  /** `[scales, length]` */
  readonly powers: Float32Array;
  /** `[scales, length + 1]`, by the length of a list */
  readonly norms: Float32Array;
  /** The weight of an entry: power times norm. */
  at(scale: number, age: number, count: number): number;
}

/**
 * Sums the gradients of a batch's look-ups by table row. One per table, used again at every step: its buffers grow to
 * the largest batch and stay.
 */
export class RowGradients {
  readonly #dim: number;
  readonly #slots: RowSlots;
  readonly #share: Float32Array;
  readonly #native: HostKernels | null;
  #sums: Float32Array;
  #entrySlots = new Int32Array(0);

  /**
   * @param dim width of the table
   * @param native the kernels that add; for null JavaScript does
   */
  constructor(dim: number, native: HostKernels | null = hostKernels() ?? null) {
    this.#native = native;
    this.#dim = dim;
    this.#slots = new RowSlots();
    this.#share = new Float32Array(dim);
    this.#sums = new Float32Array(dim * 1024);
  }

  /** Forgets the last batch, and with it the gradient that {@link result} gave. */
  clear(): void {
    this.#slots.clear();
  }

  /** Adds the gradient that starts at `start` to one row. */
  addRow(row: number, gradient: Float32Array, start: number): void {
    const to = this.#startOf(row);
    addRow(gradient, start, this.#sums, to, this.#dim);
  }

  /** Row i of the block is the gradient of `rows[i]`; a row of -1 was no look-up. */
  add(rows: Int32Array, gradient: BlockColumns): void {
    const { values, stride, offset } = gradient;
    if (this.#native) {
      const slots = this.#slotsOf(rows);
      this.#native.addRows(this.#sums, this.#dim, slots, values, stride, offset);
      return;
    }
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] >= 0) this.addRow(rows[i], values, i * stride + offset);
    }
  }

  /** Row i of the block is the gradient of the mean of the rows in list `picks[i]`, or in list i without picks. */
  addMean(lists: RowLists, gradient: BlockColumns, picks?: Int32Array): void {
    const { values, stride, offset } = gradient;
    const { offsets, rows } = lists;
    if (this.#native) {
      const slots = this.#slotsOf(picks ? entriesOf(lists, picks) : rows.subarray(offsets[0], offsets.at(-1)));
      this.#native.addMeans(this.#sums, this.#dim, slots, offsets, picks, values, stride, offset);
      return;
    }
    const count = picks?.length ?? offsets.length - 1;
    for (let i = 0; i < count; i++) {
      const list = picks?.[i] ?? i;
      const start = offsets[list];
      const end = offsets[list + 1];
      if (start === end) continue;
      this.#scale(values, i * stride + offset, 1 / (end - start));
      let entry = start;
      for (; entry + 4 <= end; entry += 4) {
        this.#addShareToFour(rows[entry], rows[entry + 1], rows[entry + 2], rows[entry + 3]);
      }
      for (; entry < end; entry++) this.addRow(rows[entry], this.#share, 0);
    }
  }

  /**
   * Row i of the gradient, `[lists, scales · dim]`, is that of the weighted means of list i at each scale; the last entry
   * of a list has age 0.
   *
   * @param factors `[entries]`: by which each entry counts more or less; without them all count alike
   */
  addPooled({ offsets, rows }: RowLists, gradient: Float32Array, weights: AgeWeights, factors?: Float32Array): void {
    const dim = this.#dim;
    const { scales, powers, norms, length } = weights;
    const slots = this.#slotsOf(rows.subarray(offsets[0], offsets.at(-1)));
    if (this.#native) {
      this.#native.addPooled(this.#sums, dim, slots, offsets, powers, norms, scales, length, gradient, factors);
      return;
    }
    for (let list = 0; list < offsets.length - 1; list++) {
      const count = offsets[list + 1] - offsets[list];
      for (let age = 0; age < count; age++) {
        this.#share.fill(0);
        const entry = offsets[list + 1] - 1 - age;
        const factor = factors === undefined ? 1 : factors[entry];
        for (let scale = 0; scale < scales; scale++) {
          const weight = weights.at(scale, age, count) * factor;
          const from = (list * scales + scale) * dim;
          if (weight !== 0) for (let i = 0; i < dim; i++) this.#share[i] += weight * gradient[from + i];
        }
        addRow(this.#share, 0, this.#sums, slots[entry - offsets[0]] * dim, dim);
      }
    }
  }

  /** The sums so far; views into this object's buffers that hold until `clear`. */
  result(): TableGradient {
    return { rows: this.#slots.rows(), values: this.#sums.subarray(0, this.#slots.size * this.#dim) };
  }

  /** The slot of each row, -1 for -1, with zeros in place of what the last batch left in the new ones. */
  #slotsOf(rows: Int32Array): Int32Array {
    if (rows.length > this.#entrySlots.length) this.#entrySlots = new Int32Array(rows.length);
    const slots = this.#entrySlots.subarray(0, rows.length);
    const known = this.#slots.size;
    for (let i = 0; i < rows.length; i++) slots[i] = rows[i] < 0 ? -1 : this.#slots.slotOf(rows[i]);
    while (this.#slots.size * this.#dim > this.#sums.length) this.#grow();
    this.#sums.fill(0, known * this.#dim, this.#slots.size * this.#dim);
    return slots;
  }

  /** Keeps one list's gradient divided by its length: every row of the list gets the same share. */
  #scale(values: Float32Array, start: number, scale: number): void {
    const shares = this.#share;
    for (let i = 0; i < shares.length; i++) shares[i] = values[start + i] * scale;
  }

  /** Four rows at a time: their cache misses overlap. Equal rows are added one after the other, so they count. */
  #addShareToFour(rowA: number, rowB: number, rowC: number, rowD: number): void {
    const a = this.#startOf(rowA);
    const b = this.#startOf(rowB);
    const c = this.#startOf(rowC);
    const d = this.#startOf(rowD);
    const sums = this.#sums;
    const shares = this.#share;
    for (let i = 0; i < shares.length; i++) {
      const share = shares[i];
      sums[a + i] += share;
      sums[b + i] += share;
      sums[c + i] += share;
      sums[d + i] += share;
    }
  }

  /** Where the sum of a row begins; zeros in place of what the last batch left there if the row is new. */
  #startOf(row: number): number {
    const known = this.#slots.size;
    const slot = this.#slots.slotOf(row);
    const start = slot * this.#dim;
    if (slot === known) {
      if (start + this.#dim > this.#sums.length) this.#grow();
      this.#sums.fill(0, start, start + this.#dim);
    }
    return start;
  }

  #grow(): void {
    const larger = new Float32Array(this.#sums.length * 2);
    larger.set(this.#sums);
    this.#sums = larger;
  }
}

/** The rows of the picked lists, one after the other. */
function entriesOf({ offsets, rows }: RowLists, picks: Int32Array): Int32Array {
  let length = 0;
  for (const list of picks) length += offsets[list + 1] - offsets[list];
  const entries = new Int32Array(length);
  let filled = 0;
  for (const list of picks) {
    for (let at = offsets[list]; at < offsets[list + 1]; at++) entries[filled++] = rows[at];
  }
  return entries;
}
