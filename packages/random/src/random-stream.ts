import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { RandomArgumentError } from './errors';
import { seedWords } from './seed-words';

/** A stream at one moment; plain JSON. */
export interface RandomState {
  /** The state of the generator, four signed 32-bit integers. */
  readonly words: readonly number[];
  /** The second half of the last pair of normal draws, if it has not been handed out yet. */
  readonly spareNormal: number | null;
}

const TWO_TO_26 = 0x400_0000;
const TWO_TO_32 = 0x1_0000_0000;
const TWO_TO_53 = 0x20_0000_0000_0000;

/**
 * A seeded stream of random draws (xoroshiro128+, Blackman & Vigna 2018).
 * Streams of one seed with different purposes are independent, so that one part of a run drawing more does not shift
 * the draws of another.
 */
export class RandomStream {
  #generator: ReturnType<typeof xoroshiro128plus>;
  #spareNormal: number | null = null;

  /**
   * @param seed an integer, 0 to 2^53 − 1
   * @param purpose what the draws are for, `"negatives"`
   * @throws RandomArgumentError for a seed outside the range
   */
  constructor(seed: number, purpose = '') {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RandomArgumentError(`A seed must be an integer from 0 to 2^53 - 1; got ${seed}.`);
    }
    this.#generator = xoroshiro128plusFromState(seedWords(seed, purpose));
  }

  /** A stream that goes on where {@link state} was taken. */
  static fromState(state: RandomState): RandomStream {
    const allWords = state.words.length === 4 && state.words.every((word) => Number.isInteger(word));
    if (!allWords || state.words.every((word) => word === 0)) {
      throw new RandomArgumentError('A random state must hold four 32-bit integers that are not all zero.');
    }
    const stream = new RandomStream(0);
    stream.#generator = xoroshiro128plusFromState(state.words);
    stream.#spareNormal = state.spareNormal;
    return stream;
  }

  state(): RandomState {
    return { words: [...this.#generator.getState()], spareNormal: this.#spareNormal };
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    // The lowest bits of xoroshiro128+ are its weak ones: both words give their upper bits only.
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * TWO_TO_26 + low) / TWO_TO_53;
  }

  /** Normal with mean 0 and variance 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spareNormal = y * scale;
        return x * scale;
      }
    }
  }

  /**
   * Uniform integer in [0, bound), without bias.
   * @param bound 1 to 2^32
   */
  integer(bound: number): number {
    if (!(bound >= 1 && bound <= TWO_TO_32) || !Number.isInteger(bound)) {
      throw new RandomArgumentError(`The bound of an integer draw must be an integer from 1 to 2^32; got ${bound}.`);
    }
    // The 32-bit words are cut into `bound` runs of equal length; a word of the ragged end is drawn again.
    const run = Math.floor(TWO_TO_32 / bound);
    const limit = run * bound;
    for (;;) {
      const word = this.#generator.next() >>> 0;
      if (word < limit) return Math.floor(word / run);
    }
  }

  /** Puts the values in a random order, in place (Fisher–Yates). */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }
}
