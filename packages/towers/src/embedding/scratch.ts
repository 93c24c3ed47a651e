/** A float buffer that is used again at every step and grows to the largest one. */
export class Scratch {
  #values = new Float32Array(0);

  /** The first `length` entries, with whatever the last use left in them. */
  take(length: number): Float32Array {
    if (length > this.#values.length) this.#values = new Float32Array(length);
    return this.#values.subarray(0, length);
  }
}
