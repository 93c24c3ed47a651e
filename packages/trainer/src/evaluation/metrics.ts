import type { Metrics } from './evaluation-report';

/** Rank of a target that cannot be ranked. */
export const UNREACHABLE = Infinity;

/**
 * How many candidates stand before the target in a row of scores, 0 for the best. Candidates of the same score count
 * half, rounded down, so that a scorer that cannot tell items apart gains nothing. −Infinity marks a masked candidate.
 */
export function rankOf(scores: Float32Array, start: number, count: number, targetColumn: number): number {
  const target = scores[start + targetColumn];
  if (!(target > -Infinity)) return UNREACHABLE;
  let better = 0;
  let same = 0;
  const end = start + count;
  for (let n = start; n < end; n++) {
    const score = scores[n];
    if (score > target) better++;
    else if (score === target) same++;
  }
  return better + Math.floor((same - 1) / 2);
}

/** Sums up the ranks of the held-out items of users, and which items the users were shown. */
export class MetricAccumulator {
  #users = 0;
  #reciprocalRanks = 0;
  readonly #hits: Float64Array;
  readonly #recalls: Float64Array;
  readonly #gains: Float64Array;
  /** For each column the best place at which any user was shown it. */
  readonly #bestPlace: Int32Array;
  /** The list length at which what is shown is judged beside its accuracy. */
  readonly #exposureCutoff: number;
  /** How often each column stands within that length. */
  readonly #exposures: Float64Array;

  /**
   * @param cutoffs list lengths K, ascending
   * @param popularity how often the item of each column occurs, `[columns]`
   */
  constructor(
    private readonly cutoffs: readonly number[],
    private readonly popularity: Int32Array,
  ) {
    this.#hits = new Float64Array(cutoffs.length);
    this.#recalls = new Float64Array(cutoffs.length);
    this.#gains = new Float64Array(cutoffs.length);
    this.#bestPlace = new Int32Array(popularity.length).fill(0x7fffffff);
    this.#exposures = new Float64Array(popularity.length);
    // Longer lists cover everything in the end; up to 100 the figure still tells scorers apart.
    this.#exposureCutoff = cutoffs.filter((cutoff) => cutoff <= 100).at(-1) ?? cutoffs[0];
  }

  /**
   * @param ranks from {@link rankOf}, one for each held-out item of the user
   * @param shown columns of the user's list, best first
   */
  add(ranks: readonly number[], shown: Int32Array): void {
    this.#users++;
    this.#reciprocalRanks += 1 / (Math.min(...ranks) + 1);
    this.cutoffs.forEach((cutoff, n) => {
      const hits = ranks.filter((rank) => rank < cutoff);
      if (hits.length === 0) return;
      this.#hits[n]++;
      this.#recalls[n] += hits.length / ranks.length;
      this.#gains[n] += sumOfGains(hits) / idealGain(Math.min(ranks.length, cutoff));
    });
    for (let place = 0; place < shown.length; place++) {
      if (place < this.#bestPlace[shown[place]]) this.#bestPlace[shown[place]] = place;
      if (place < this.#exposureCutoff) this.#exposures[shown[place]]++;
    }
  }

  /** Means over the users added. With one held-out item per user Recall@K is the same as HitRate@K. */
  result(): Metrics {
    const users = Math.max(this.#users, 1);
    const metrics: Record<string, number> = {};
    this.cutoffs.forEach((cutoff, n) => {
      metrics[`hitRate@${cutoff}`] = this.#hits[n] / users;
      metrics[`recall@${cutoff}`] = this.#recalls[n] / users;
      metrics[`ndcg@${cutoff}`] = this.#gains[n] / users;
      metrics[`coverage@${cutoff}`] = this.#coverage(cutoff);
    });
    metrics.mrr = this.#reciprocalRanks / users;
    metrics.coverage = this.#coverage(this.#exposureCutoff);
    metrics.averagePopularity = weightedMean(this.popularity, this.#exposures);
    metrics.gini = giniOf(this.#exposures);
    return metrics;
  }

  #coverage(cutoff: number): number {
    let shown = 0;
    for (const place of this.#bestPlace) if (place < cutoff) shown++;
    return shown / Math.max(this.popularity.length, 1);
  }
}

/** Discounted gain of relevant items at these ranks (Järvelin & Kekäläinen 2002). */
function sumOfGains(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
}

/** The gain of so many relevant items at the first ranks; 1 for a single one. */
function idealGain(count: number): number {
  return sumOfGains(Array.from({ length: count }, (_, rank) => rank));
}

function weightedMean(values: Int32Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, n) => {
    sum += value * weights[n];
    total += weights[n];
  });
  return total === 0 ? 0 : sum / total;
}

/**
 * The Gini index of exposures, 0 when all items are shown alike and near 1 when one has it all:
 * Σ (2i − n − 1)·x_i / (n·Σ x_i) over the values in ascending order (Shani & Gunawardana 2011, section 8.3.3).
 */
export function giniOf(exposures: Float64Array): number {
  const ascending = exposures.slice().sort();
  const n = ascending.length;
  let sum = 0;
  let total = 0;
  ascending.forEach((value, place) => {
    sum += (2 * (place + 1) - n - 1) * value;
    total += value;
  });
  return total === 0 ? 0 : sum / (n * total);
}
