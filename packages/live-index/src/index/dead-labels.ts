/** Labels of a graph that no longer count, in the order in which they died. */
export class DeadLabels {
  /** `[size]` */
  readonly #isDead: Uint8Array;
  #labels = new Int32Array(64);
  #count = 0;

  constructor(size: number) {
    this.#isDead = new Uint8Array(size);
  }

  get count(): number {
    return this.#count;
  }

  has(label: number): boolean {
    return this.#isDead[label] === 1;
  }

  /** @returns whether it counted until now */
  add(label: number): boolean {
    if (this.has(label)) return false;
    this.#isDead[label] = 1;
    if (this.#count === this.#labels.length) {
      const labels = new Int32Array(2 * this.#count);
      labels.set(this.#labels);
      this.#labels = labels;
    }
    this.#labels[this.#count++] = label;
    return true;
  }

  /** A copy of those that died after the first `first`. */
  since(first: number): Int32Array {
    return this.#labels.slice(first, this.#count);
  }
}
