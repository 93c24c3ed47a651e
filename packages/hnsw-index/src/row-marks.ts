import type { RowSet } from './vector-index';

/** A set of rows that is filled anew for each query without leaving garbage: a byte a row. */
export class RowMarks implements RowSet {
  readonly #marks: Uint8Array;
  #rows: Int32Array = new Int32Array(0);

  /** @param count rows that there are */
  constructor(count: number) {
    this.#marks = new Uint8Array(count);
  }

  /** An upper bound where rows were given twice. */
  get size(): number {
    return this.#rows.length;
  }

  has(row: number): boolean {
    return this.#marks[row] === 1;
  }

  /** Forgets the rows it held. Rows that there are not, are passed over. */
  fill(rows: Int32Array): this {
    for (const row of this.#rows) this.#marks[row] = 0;
    for (const row of rows) this.#marks[row] = 1;
    this.#rows = rows;
    return this;
  }
}
