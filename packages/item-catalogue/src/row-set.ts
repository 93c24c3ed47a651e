/**
 * A set of rows of [0, rowCount) as bits: that of row `r` is bit `r % 32` of word `r / 32`. There is an even number of
 * words, so that they can also be read as 64-bit little-endian ones. Bits past `rowCount` are 0. Never changed.
 */
export class RowSet {
  /** Rows in the set. */
  readonly size: number;

  /** @param words `[wordsFor(rowCount)]`, kept, not copied */
  constructor(
    readonly words: Uint32Array,
    readonly rowCount: number,
  ) {
    this.size = countBits(words);
  }

  static wordsFor(rowCount: number): number {
    return 2 * Math.ceil(rowCount / 64);
  }

  /** Rows outside [0, rowCount) are passed over. */
  static of(rows: Iterable<number>, rowCount: number): RowSet {
    const words = new Uint32Array(RowSet.wordsFor(rowCount));
    for (const row of rows) {
      if (row >= 0 && row < rowCount) words[row >>> 5] |= 1 << (row & 31);
    }
    return new RowSet(words, rowCount);
  }

  has(row: number): boolean {
    return row >= 0 && row < this.rowCount && ((this.words[row >>> 5] >>> (row & 31)) & 1) === 1;
  }

  /** In ascending order. */
  toRows(): Int32Array {
    const rows = new Int32Array(this.size);
    let next = 0;
    for (let word = 0; word < this.words.length; word++) {
      let bits = this.words[word];
      while (bits !== 0) {
        const lowest = bits & -bits;
        rows[next++] = word * 32 + 31 - Math.clz32(lowest);
        bits ^= lowest;
      }
    }
    return rows;
  }

  and(other: RowSet): RowSet {
    return new RowSet(
      this.words.map((word, i) => word & other.words[i]),
      this.rowCount,
    );
  }

  andNot(other: RowSet): RowSet {
    return new RowSet(
      this.words.map((word, i) => word & ~other.words[i]),
      this.rowCount,
    );
  }
}

/** Henry Warren, Hacker's Delight, 5-1. */
function countBits(words: Uint32Array): number {
  let count = 0;
  for (let word of words) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
