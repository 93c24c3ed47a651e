import { AliasTable, type RandomStream } from '@vector-recall/random';

/** A distribution over item rows that negatives are drawn from. */
export interface Proposal {
  /** Fills `out` from `start` on with drawn item rows. */
  draw(out: Int32Array, start: number, random: RandomStream): void;
  probability(item: number): number;
  readonly isUniform: boolean;
}

class UniformProposal implements Proposal {
  readonly isUniform = true;

  constructor(private readonly itemCount: number) {}

  draw(out: Int32Array, start: number, random: RandomStream): void {
    for (let n = start; n < out.length; n++) out[n] = random.integer(this.itemCount);
  }

  probability(): number {
    return 1 / this.itemCount;
  }
}

class WeightedProposal implements Proposal {
  readonly isUniform = false;
  readonly #table: AliasTable;

  constructor(weights: Float64Array) {
    this.#table = new AliasTable(weights);
  }

  draw(out: Int32Array, start: number, random: RandomStream): void {
    for (let n = start; n < out.length; n++) out[n] = this.#table.sample(random);
  }

  probability(item: number): number {
    return this.#table.probability(item);
  }
}

/**
 * Draws items in proportion to popularity to a power; 0 is uniform, 0.75 the choice of Mikolov et al. 2013.
 * An item that no one has counts as if one had it: it can be drawn, and its log-probability is finite.
 *
 * @param counts `[items]`
 * @param power in [0, 1]
 * @param never item rows that are not drawn
 */
export function createProposal(counts: Int32Array, power: number, never: Int32Array = new Int32Array(0)): Proposal {
  if (power === 0 && never.length === 0) return new UniformProposal(counts.length);
  const weights = Float64Array.from(counts, (count) => Math.max(count, 1) ** power);
  for (const item of never) weights[item] = 0;
  return new WeightedProposal(weights);
}
