/** Knuth's multiplicative hash: 2^32 / golden ratio, odd. */
const HASH_FACTOR = 0x9e3779b1;

/**
 * Numbers distinct table rows 0, 1, 2, … in the order in which they are first asked for.
 * An open-addressed hash over typed arrays: its cost depends on the rows of a batch and not on those of the table, and
 * a new batch starts in constant time, because entries carry the batch they belong to.
 */
export class RowSlots {
  #rows: Int32Array;
  #size = 0;
  #keys: Int32Array;
  #slots: Int32Array;
  #stamps: Uint32Array;
  #stamp = 0;
  #shift: number;

  /** @param expected rows per batch; more than that makes the hash grow */
  constructor(expected = 1024) {
    const bits = Math.max(4, Math.ceil(Math.log2(expected * 2)));
    this.#shift = 32 - bits;
    this.#rows = new Int32Array(2 ** (bits - 1));
    this.#keys = new Int32Array(2 ** bits);
    this.#slots = new Int32Array(2 ** bits);
    this.#stamps = new Uint32Array(2 ** bits);
    this.clear();
  }

  /** How many distinct rows there are. */
  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
    this.#stamp += 1;
    if (this.#stamp > 0xffffffff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
  }

  /** The slot of a row, a new one if the row is new. */
  slotOf(row: number): number {
    const keys = this.#keys;
    const stamps = this.#stamps;
    const mask = keys.length - 1;
    let at = Math.imul(row, HASH_FACTOR) >>> this.#shift;
    while (stamps[at] === this.#stamp) {
      if (keys[at] === row) return this.#slots[at];
      at = (at + 1) & mask;
    }
    if (this.#size === this.#rows.length) {
      this.#grow();
      return this.slotOf(row);
    }
    stamps[at] = this.#stamp;
    keys[at] = row;
    this.#slots[at] = this.#size;
    this.#rows[this.#size] = row;
    return this.#size++;
  }

  /** The rows by slot; a view that holds until the next `clear`. */
  rows(): Int32Array {
    return this.#rows.subarray(0, this.#size);
  }

  /** Doubles the capacity, which keeps the hash at most half full. */
  #grow(): void {
    const rows = this.rows();
    const capacity = this.#keys.length * 2;
    this.#shift -= 1;
    this.#rows = new Int32Array(capacity / 2);
    this.#keys = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity);
    this.#stamps = new Uint32Array(capacity);
    this.clear();
    for (const row of rows) this.slotOf(row);
  }
}
