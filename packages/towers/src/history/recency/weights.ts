import type { ModelConfig } from '@vector-recall/core-config';

/** Below this share of its mean an item is left out: a half-life of 1 then reads 18 items, however long the history. */
const NEGLIGIBLE = 2 ** -17;

/**
 * How much an item counts in the mean of a time scale: 2^(−age / half-life), divided by the sum over the history.
 * An infinite half-life gives the plain mean.
 */
export class RecencyWeights {
  readonly scales: number;
  /** `[scales, length]`, by age. */
  readonly powers: Float32Array;
  /** `[scales, length + 1]`: one over the sum of the powers of the first so many ages. */
  readonly norms: Float32Array;

  /** The scales of a model: its half-lives, and the plain mean as the last. */
  static of(halfLives: readonly number[], length: number): RecencyWeights {
    return new RecencyWeights([...halfLives, Infinity], length);
  }

  /**
   * @param halfLives in items, above 0
   * @param length the longest history
   */
  constructor(
    halfLives: readonly number[],
    readonly length: number,
  ) {
    this.scales = halfLives.length;
    this.powers = new Float32Array(this.scales * length);
    this.norms = new Float32Array(this.scales * (length + 1));
    for (const [scale, halfLife] of halfLives.entries()) {
      let sum = 0;
      for (let age = 0; age < length; age++) {
        const power = 2 ** (-age / halfLife);
        if (power >= NEGLIGIBLE) {
          this.powers[scale * length + age] = power;
          sum += power;
        }
        this.norms[scale * (length + 1) + age + 1] = 1 / sum;
      }
    }
  }

  /**
   * @param age 0 for the newest item, below `count`
   * @param count items of the history, up to the length
   */
  at(scale: number, age: number, count: number): number {
    return this.powers[scale * this.length + age] * this.norms[scale * (this.length + 1) + count];
  }
}

/** Options of a recency encoder that is the plain mean, which is how a mean weighs types of events. */
export function withoutHalfLives(config: ModelConfig): ModelConfig {
  return { ...config, halfLives: [] };
}
