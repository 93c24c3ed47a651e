import { RandomArgumentError } from './errors';
import type { RandomStream } from './random-stream';

/**
 * Draws an index in proportion to its weight, in constant time (Walker's alias method, built as in Vose 1991).
 */
export class AliasTable {
  readonly size: number;
  readonly #keep: Float64Array;
  readonly #alias: Int32Array;
  readonly #probabilities: Float64Array;

  /**
   * @param weights `[n]`, finite, none negative, at least one above zero
   * @throws RandomArgumentError otherwise
   */
  constructor(weights: ArrayLike<number>) {
    const total = sumOfWeights(weights);
    const n = weights.length;
    this.size = n;
    this.#probabilities = Float64Array.from(weights, (weight) => weight / total);
    this.#keep = this.#probabilities.map((probability) => probability * n);
    this.#alias = Int32Array.from({ length: n }, (_, index) => index);
    this.#pair();
  }

  /** Index in [0, size), drawn with {@link probability}. */
  sample(random: RandomStream): number {
    const column = random.integer(this.size);
    return random.uniform() < this.#keep[column] ? column : this.#alias[column];
  }

  /** The probability of an index: its weight over the sum of all. */
  probability(index: number): number {
    return this.#probabilities[index] ?? 0;
  }

  /** Fills every column that holds less than one share out of a column that holds more. */
  #pair(): void {
    const keep = this.#keep;
    const small = new Int32Array(keep.length);
    const large = new Int32Array(keep.length);
    let smallCount = 0;
    let largeCount = 0;
    keep.forEach((share, index) => {
      if (share < 1) small[smallCount++] = index;
      else large[largeCount++] = index;
    });
    while (smallCount > 0 && largeCount > 0) {
      const poor = small[--smallCount];
      const rich = large[largeCount - 1];
      this.#alias[poor] = rich;
      keep[rich] -= 1 - keep[poor];
      if (keep[rich] < 1) {
        largeCount--;
        small[smallCount++] = rich;
      }
    }
    // What is left on either side is one share up to rounding.
    while (smallCount > 0) keep[small[--smallCount]] = 1;
    while (largeCount > 0) keep[large[--largeCount]] = 1;
  }
}

function sumOfWeights(weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0) || weights[i] === Infinity) {
      throw new RandomArgumentError(`Weight ${i} is ${weights[i]}; a weight must be finite and not negative.`);
    }
    total += weights[i];
  }
  if (!(total > 0) || total === Infinity) {
    throw new RandomArgumentError(`The weights must have a finite sum above zero; it is ${total}.`);
  }
  return total;
}
