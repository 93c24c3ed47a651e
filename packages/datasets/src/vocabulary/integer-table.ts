const EMPTY = -1;

/**
 * Integer keys to rows by open addressing. A Map stops at 2^24 entries and takes some 40 bytes for each;
 * this takes 16 to 32 and has no such end.
 */
export class IntegerTable {
  #keys: Float64Array;
  #rows: Int32Array;
  #used = 0;

  constructor(expected = 0) {
    const capacity = 2 ** Math.max(4, Math.ceil(Math.log2(expected * 2 + 1)));
    this.#keys = new Float64Array(capacity);
    this.#rows = new Int32Array(capacity).fill(EMPTY);
  }

  get(key: number): number | undefined {
    const row = this.#rows[this.#slot(key)];
    return row === EMPTY ? undefined : row;
  }

  /** Adds a key that is not in the table. */
  add(key: number, row: number): void {
    if (this.#used * 2 >= this.#rows.length) this.#grow();
    this.#put(key, row);
    this.#used++;
  }

  #put(key: number, row: number): void {
    const slot = this.#slot(key);
    this.#keys[slot] = key;
    this.#rows[slot] = row;
  }

  /** The slot of the key, or the free one where it belongs. */
  #slot(key: number): number {
    const mask = this.#rows.length - 1;
    let hash = Math.imul((key | 0) ^ Math.imul(Math.floor(key / 0x1_0000_0000), 0x85ebca6b), 0x9e3779b1);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#rows[slot] !== EMPTY && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const rows = this.#rows;
    this.#keys = new Float64Array(keys.length * 2);
    this.#rows = new Int32Array(rows.length * 2).fill(EMPTY);
    rows.forEach((row, slot) => {
      if (row !== EMPTY) this.#put(keys[slot], row);
    });
  }
}
