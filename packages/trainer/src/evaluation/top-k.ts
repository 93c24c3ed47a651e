/**
 * The K best of a row, found in one pass: a heap with the worst of the best at its root, so that most values are
 * turned away by one comparison. Reused from row to row.
 */
export class TopK {
  readonly #scores: Float32Array;
  readonly #columns: Int32Array;
  #size = 0;

  constructor(private readonly k: number) {
    this.#scores = new Float32Array(k);
    this.#columns = new Int32Array(k);
  }

  /**
   * The columns of the K highest values of `values[start .. start + count)`, best first; −Infinity never counts.
   * Of equal values the lower column comes first. The array is overwritten by the next call.
   */
  select(values: Float32Array, start: number, count: number): Int32Array {
    this.#size = 0;
    let threshold = -Infinity;
    for (let column = 0; column < count; column++) {
      const value = values[start + column];
      if (!(value > threshold)) continue;
      if (this.#size < this.k) this.#push(value, column);
      else this.#replaceRoot(value, column);
      if (this.#size === this.k) threshold = this.#scores[0];
    }
    return this.#drain();
  }

  /** Whether slot `a` ranks behind slot `b`. */
  #isWorse(a: number, b: number): boolean {
    const difference = this.#scores[a] - this.#scores[b];
    return difference < 0 || (difference === 0 && this.#columns[a] > this.#columns[b]);
  }

  #push(value: number, column: number): void {
    let at = this.#size++;
    this.#scores[at] = value;
    this.#columns[at] = column;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isWorse(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #replaceRoot(value: number, column: number): void {
    this.#scores[0] = value;
    this.#columns[0] = column;
    this.#sink();
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.#size) return;
      const right = left + 1;
      const worst = right < this.#size && this.#isWorse(right, left) ? right : left;
      if (!this.#isWorse(worst, at)) return;
      this.#swap(worst, at);
      at = worst;
    }
  }

  /** Heap sort: the worst goes to the end, again and again. */
  #drain(): Int32Array {
    const found = this.#size;
    while (this.#size > 1) {
      this.#size--;
      this.#swap(0, this.#size);
      this.#sink();
    }
    return this.#columns.subarray(0, found);
  }

  #swap(a: number, b: number): void {
    const score = this.#scores[a];
    const column = this.#columns[a];
    this.#scores[a] = this.#scores[b];
    this.#columns[a] = this.#columns[b];
    this.#scores[b] = score;
    this.#columns[b] = column;
  }
}
