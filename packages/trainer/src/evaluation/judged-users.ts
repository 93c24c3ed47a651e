import type { EvaluateOptions } from './evaluator';

/** The ranks that a scorer gave the held-out items of each judged user, in the order of the task. */
export class JudgedUsers {
  readonly #ranks: (readonly number[])[] = [];

  /** For {@link EvaluateOptions}. */
  readonly onRanks: NonNullable<EvaluateOptions['onRanks']> = (ranks) => {
    this.#ranks.push([...ranks]);
  };

  get count(): number {
    return this.#ranks.length;
  }

  /** `[users]`, 1 where a held-out item is among the first `cutoff`. */
  hits(cutoff: number): Float64Array {
    return Float64Array.from(this.#ranks, (ranks) => Number(ranks.some((rank) => rank < cutoff)));
  }

  /** `[users]`, the normalised discounted gain of the first `cutoff` (Järvelin & Kekäläinen 2002). */
  gains(cutoff: number): Float64Array {
    return Float64Array.from(this.#ranks, (ranks) => {
      let gain = 0;
      let ideal = 0;
      ranks.forEach((rank, place) => {
        if (rank < cutoff) gain += 1 / Math.log2(rank + 2);
        if (place < cutoff) ideal += 1 / Math.log2(place + 2);
      });
      return gain / ideal;
    });
  }

  /** What intervals are given for, by name. */
  figures(cutoffs: readonly number[]): ReadonlyMap<`${string}@${number}`, Float64Array> {
    return new Map(
      cutoffs.flatMap((cutoff) => [
        [`hitRate@${cutoff}`, this.hits(cutoff)] as const,
        [`ndcg@${cutoff}`, this.gains(cutoff)] as const,
      ]),
    );
  }
}
