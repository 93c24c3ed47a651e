import type { TrainingConfig } from '@vector-recall/core-config';

/**
 * `"hitRate@K"`, `"recall@K"`, `"ndcg@K"` and `"coverage@K"` for every cutoff K, and `mrr`, `coverage` and `gini`; all in
 * [0, 1]. `averagePopularity` is how often an item that is shown occurs before the held-out events, on average
 * (Abdollahpouri et al. 2019, equation 1). `coverage`, `gini` and `averagePopularity` look at lists as long as the
 * largest cutoff up to 100.
 */
export type Metrics = Readonly<Record<string, number>>;

/** What one protocol gives for everything that can score items, over one group of users. */
export interface GroupReport {
  readonly model: Metrics;
  readonly popularity: Metrics;
  readonly random: Metrics;
  /** The planted preferences of a synthetic world: the ceiling. Absent where they are of another moment. */
  readonly truth?: Metrics;
  /** Users ranked; with the random splits they have several held-out items each. */
  readonly users: number;
  /** Items ranked: those that occur before the held-out events, and cold ones where those are judged. */
  readonly items: number;
  /** Held-out items that are not among them; they count as misses for every scorer. */
  readonly unreachable: number;
}

/** The users and items that were trained on, and apart from them those that were held wholly out. */
export interface EvaluationReport extends GroupReport {
  /** What was held out and by which rules it was ranked: `training.split`. */
  readonly split: TrainingConfig['split'];
  /** False: the weights were fitted without the validation events, which are in the users' history and mask. */
  readonly refitted: boolean;
  /** Users who were not trained on, served by their last three events; with `training.coldUsers`. */
  readonly coldUsers?: GroupReport;
  /** Items that were not trained on, known by their attributes; with `training.coldItems`. */
  readonly coldItems?: GroupReport;
}
