import type { TrainingConfig } from '@vector-recall/core-config';
import type { RepeatRule } from '@vector-recall/datasets';

/**
 * `"hitRate@K"`, `"recall@K"`, `"ndcg@K"` and `"coverage@K"` for every cutoff K, and `mrr`, `coverage` and `gini`; all in
 * [0, 1]. `averagePopularity` is how often an item that is shown occurs before the held-out events, on average
 * (Abdollahpouri et al. 2019, equation 1). `coverage`, `gini` and `averagePopularity` look at lists as long as the
 * largest cutoff up to 100.
 */
export type Metrics = Readonly<Record<string, number>>;

/** A 95 % interval by the bootstrap over users. */
export type Interval = readonly [low: number, high: number];

/** By metric: `hitRate@K` and `ndcg@K` at every cutoff. */
export type Intervals = Readonly<Record<string, Interval>>;

/** What something that ranks items reaches: {@link Metrics}, and how sure they are. */
export type ScorerReport = Readonly<Record<`${string}@${number}`, number>> &
  Readonly<Record<'mrr' | 'coverage' | 'gini' | 'averagePopularity', number>> &
  Readonly<{ interval: Intervals }>;

/** A method that a model has to beat. */
export const yardstickNames = ['popularity', 'itemKnn', 'ease', 'attributeKnn'] as const;

export type YardstickName = (typeof yardstickNames)[number];

/** The model minus a yardstick, user by user: an interval that excludes zero is no accident of the sample. */
export type DifferenceReport = Readonly<{ to: YardstickName }> &
  Readonly<Record<`${string}@${number}`, { readonly value: number; readonly interval: Interval }>>;

/** HitRate of a part of the users, at one cutoff or two. */
export interface SliceReport {
  /** As in `6 to 10`. */
  readonly label: string;
  readonly users: number;
  /** By scorer (`model`, `popularity`, `itemKnn`, `ease`) and metric; absent where the slice has no users. */
  readonly hitRates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The same users, divided in two ways. */
export interface SlicesReport {
  /** By how many events are known of a user. */
  readonly historyLength: readonly SliceReport[];
  /** By how often the held-out item occurs before the held-out events; 0 is a new item. */
  readonly itemPopularity: readonly SliceReport[];
}

/** What one protocol gives for everything that can score items, over one group of users. */
export interface GroupReport {
  readonly model: ScorerReport;
  readonly popularity: ScorerReport;
  /** Item-based nearest neighbours by cosine, all of them. */
  readonly itemKnn: ScorerReport;
  /** EASE^R with the λ that validation chose; absent where there are too many items for it. */
  readonly ease?: ScorerReport & Readonly<{ lambda: number }>;
  /** Of cold items that have fields: nearest neighbours by attributes. */
  readonly attributeKnn?: ScorerReport;
  readonly random: ScorerReport;
  /** The planted preferences of a synthetic world: the ceiling. Absent where they are of another moment. */
  readonly truth?: ScorerReport;
  /** The model minus the yardstick with the highest HitRate at the smallest cutoff from 10 on. */
  readonly difference: DifferenceReport;
  /** One sentence for each thing that a reader should know before believing the figures. */
  readonly notes: readonly string[];
  /** Users ranked; with the random splits they have several held-out items each. */
  readonly users: number;
  /** Items ranked: those that occur before the held-out events, and cold ones where those are judged. */
  readonly items: number;
  /** Held-out items that are not among them; they count as misses for every scorer. */
  readonly unreachable: number;
  /** Users who are not ranked: their held-out item is one that they already have, which is masked; `repeats: mask`. */
  readonly repeated?: number;
}

/** The users and items that were trained on, and apart from them those that were held wholly out. */
export interface EvaluationReport extends GroupReport {
  /** What was held out and by which rules it was ranked: `training.split`. */
  readonly split: TrainingConfig['split'];
  /** What became of events in which a user repeats an item. */
  readonly repeats: RepeatRule;
  /**
   * Whether the weights were fitted again with the validation events. False: they were not, while the yardsticks know
   * them, and they are in the users' history and mask.
   */
  readonly refitted: boolean;
  /** Absent where users have several held-out items. */
  readonly slices?: SlicesReport;
  /** Trainings with other seeds, with `runtime.seeds`. */
  readonly seeds?: SeedsReport;
  /** Users who were not trained on, served by their last three events; with `training.coldUsers`. */
  readonly coldUsers?: GroupReport;
  /** Items that were not trained on, known by their attributes; with `training.coldItems`. */
  readonly coldItems?: GroupReport;
}

/** The same training with several seeds, each evaluated on the same users. What is published is that of the first. */
export interface SeedsReport {
  readonly seeds: readonly number[];
  /** Of each seed, in the same order. */
  readonly runs: readonly Metrics[];
  readonly mean: Metrics;
  /** Standard deviation over the seeds (n − 1). */
  readonly spread: Metrics;
}
