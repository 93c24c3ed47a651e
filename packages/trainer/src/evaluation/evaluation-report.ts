/**
 * `"hitRate@K"`, `"recall@K"`, `"ndcg@K"` and `"coverage@K"` for every cutoff K, and `mrr` and `coverage`; all in [0, 1].
 * `coverage` is `coverage@K` at the largest cutoff up to 100.
 */
export type Metrics = Readonly<Record<string, number>>;

/** One protocol for everything that can score items. */
export interface EvaluationReport {
  readonly model: Metrics;
  readonly popularity: Metrics;
  readonly random: Metrics;
  /** The planted preferences of a synthetic world: the ceiling. */
  readonly truth?: Metrics;
  /** Users ranked, each with one held-out item. */
  readonly users: number;
  /** Items ranked: those that occur before the held-out events. */
  readonly items: number;
  /** Users whose held-out item occurs nowhere else; they count as misses for every scorer. */
  readonly unreachable: number;
  /** False: the weights were fitted without the validation events, which are in the users' history and mask. */
  readonly refitted: boolean;
}
