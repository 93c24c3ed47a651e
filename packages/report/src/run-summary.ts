/**
 * Metrics by name: `hitRate@10`, `recall@10`, `ndcg@10` and so on at each cutoff, `mrr`, `coverage`, `gini`, all in [0, 1];
 * and `averagePopularity`, how often an item that is shown occurs in the data.
 */
export type MetricValues = Readonly<Partial<Record<string, number>>>;

/** How events are spread over users or items. */
export interface SpreadFigures {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** The shape of a log. */
export interface DataProfileFigures {
  readonly eventsPerUser: SpreadFigures;
  /** Of the items that have events. */
  readonly eventsPerItem: SpreadFigures;
  readonly itemsWithoutEvents: number;
  /** Share of all events that the most frequent hundredth of the items takes, in [0, 1]. */
  readonly topItemShare: number;
  /** Equal parts of the time span, by the day on which they begin. */
  readonly overTime?: readonly { readonly from: string; readonly events: number }[];
}

/** What was read, after the reader's own clean-up. */
export interface DatasetFigures {
  readonly name: string;
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** Days of the first and the last interaction. */
  readonly span?: { readonly first: string; readonly last: string };
  readonly profile?: DataProfileFigures;
  /** Events that the loss saw. */
  readonly trainingEvents?: number;
  /** One sentence for each thing the reader dropped or changed. */
  readonly notes?: readonly string[];
}

export interface ModelFigures {
  /** All weights, embedding tables included. */
  readonly parameters: number;
  /** The part of `parameters` that sits in embedding tables. */
  readonly tableParameters?: number;
  readonly embeddingDim?: number;
  readonly historyEncoder?: string;
}

/** One pass over the training events. */
export interface EpochFigures {
  /** Counts from 1. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly validationLoss: number;
  readonly validationHitRate100: number;
  /** At the last step of the epoch. */
  readonly learningRate: number;
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

/** Means over the steps since the point before. */
export interface CurveFigures {
  /** Counts from 1 over all epochs. */
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/** One training of the race between presets. */
export interface RaceLapFigures {
  readonly preset: string;
  readonly round: number;
  readonly steps: number;
  readonly hitRate100: number;
  readonly seconds: number;
}

export interface TrainingFigures {
  readonly backend: string;
  readonly preset?: string;
  readonly negatives?: string;
  /** What native ops round the operands of products to. */
  readonly precision?: string;
  readonly epochs: readonly EpochFigures[];
  /** Finer than epochs. */
  readonly curve?: readonly CurveFigures[];
  readonly seconds: number;
  /** The epoch that validation was best after. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  /** Whole sentences on what a reader should know. */
  readonly notes?: readonly string[];
  /** A second training, with the validation events, whose weights were published. */
  readonly refit?: { readonly epochs: number; readonly seconds: number };
  readonly itemItemShare?: number;
  /** How the preset was chosen, where it was not given. */
  readonly race?: { readonly winner: string; readonly laps: readonly RaceLapFigures[]; readonly seconds: number };
}

/** 95 % intervals by metric, `hitRate@10` and so on. */
export type IntervalFigures = Readonly<Record<string, readonly [low: number, high: number]>>;

/** The metrics of something that ranks items, with their intervals under `interval`. */
export type ScorerFigures = Readonly<Record<string, number | IntervalFigures | undefined>>;

/** The model minus the yardstick `to`, by metric. */
export type DifferenceFigures = Readonly<
  Record<string, string | { readonly value: number; readonly interval: readonly [low: number, high: number] }>
>;

export interface SliceFigures {
  readonly label: string;
  readonly users: number;
  /** By scorer and metric. */
  readonly hitRates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface SeedFigures {
  readonly seeds: readonly number[];
  readonly runs: readonly MetricValues[];
  readonly mean: MetricValues;
  readonly spread: MetricValues;
}

/** One protocol for everything that can rank items, over one group of users. */
export interface GroupFigures {
  readonly model: ScorerFigures;
  readonly popularity: ScorerFigures;
  /** Item-based nearest neighbours by cosine. */
  readonly itemKnn?: ScorerFigures;
  /** EASE^R; `lambda` is among its figures. */
  readonly ease?: ScorerFigures;
  readonly attributeKnn?: ScorerFigures;
  readonly random: ScorerFigures;
  /** The planted preference, where the data has one: the ceiling. */
  readonly truth?: ScorerFigures;
  readonly difference?: DifferenceFigures;
  /** Whole sentences on what a reader should know before believing the figures. */
  readonly notes?: readonly string[];
  /** Users ranked. */
  readonly users: number;
  /** Items ranked. */
  readonly items?: number;
  /** Users whose held-out item never occurs in training; each counts as a miss. */
  readonly unreachable: number;
}

export interface EvaluationFigures extends GroupFigures {
  /** What was held out; the last event of each user where it is absent. */
  readonly split?: string;
  /** What became of events in which a user repeats an item: `drop`, `rank` or `mask`; `drop` where it is absent. */
  readonly repeats?: string;
  /** Whether the model was fitted again with the validation events, which the yardsticks know. */
  readonly refitted?: boolean;
  readonly slices?: {
    readonly historyLength: readonly SliceFigures[];
    readonly itemPopularity: readonly SliceFigures[];
  };
  /** Trainings with several seeds. */
  readonly seeds?: SeedFigures;
  /** Users held wholly out of training, served by their last three events. */
  readonly coldUsers?: GroupFigures;
  /** Items held wholly out of training, known by their attributes. */
  readonly coldItems?: GroupFigures;
}

/** Whether a published version was made the current one. */
export interface PromotionFigures {
  /** `--promote`. */
  readonly policy: string;
  readonly promoted: boolean;
  /** The end of a sentence that begins with "because". */
  readonly reason: string;
}

export interface IndexFigures {
  readonly engine: string;
  readonly items: number;
  readonly dim: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
  /** What `efSearch` was tuned to reach; absent where it was given. */
  readonly targetRecall?: number;
  /** Whether `recall` is at the target; absent where there was none. */
  readonly isReached?: boolean;
  /** What keeps searches from the target where it is not reached. */
  readonly limitedBy?: 'codes' | 'graph';
  readonly buildSeconds: number;
  readonly bytes: number;
  /** Overlap with exact search by cutoff, `recall@10` and so on. */
  readonly recall: MetricValues;
}

/** What searches of several breadths give, and what they take. */
export interface SearchFigures {
  /** Length of the lists. */
  readonly k: number;
  /** The `efSearch` of the index. */
  readonly chosen: number;
  readonly points: readonly { readonly efSearch: number; readonly recall: number; readonly p50Ms: number }[];
}

/** Latency of single queries, in milliseconds, and how many are answered in a second. */
export interface LatencyFigures {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly qps: number;
}

/** Speed of retrieval on the machine that measured it. */
export interface BenchmarkFigures {
  readonly topK?: number;
  readonly queries?: number;
  /** A known user: the stored vector is searched. */
  readonly single: LatencyFigures;
  /** A fresh history: the user tower runs first. */
  readonly encoded?: LatencyFigures;
  /** Of serving, for fresh histories in batches of 32 on one thread, the search not included. */
  readonly encodeMsPerUser?: number;
  readonly batches: readonly {
    readonly batchSize: number;
    readonly usersPerSecond: number;
    readonly encodedUsersPerSecond?: number;
  }[];
}

/** An item as a person sees it. */
export interface ShownItem {
  readonly id: string | number;
  readonly name?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** What one user has, and what they are offered. */
export interface Recommendations {
  readonly userId?: string | number;
  /** Newest last. */
  readonly history: readonly ShownItem[];
  /** Best first. */
  readonly items: readonly (ShownItem & { readonly score: number })[];
}

/** An item and what lies next to it in the index, nearest first. */
export interface NeighbourFigures {
  readonly item: ShownItem;
  readonly neighbours: readonly (ShownItem & { readonly score: number })[];
}

/** Item vectors in two dimensions. */
export interface ItemMapFigures {
  /** Coordinates in [-1, 1]. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly category?: string }[];
}

/** What it takes to reach the same result again. */
export interface ReproductionFigures {
  readonly command: string;
  readonly seed: number;
  /** In hexadecimal. */
  readonly dataSha256: string;
  /** By what it is the version of. */
  readonly versions: Readonly<Record<string, string>>;
  /** Every option by section. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * What a training run reports: the JSON of `train --json`. The report reads no more than this, so that whatever a
 * run produces can be handed in as plain data.
 */
export interface RunSummary {
  readonly artifact: { readonly path: string; readonly version: string };
  readonly dataset: DatasetFigures;
  readonly model: ModelFigures;
  readonly training: TrainingFigures;
  readonly evaluation: EvaluationFigures;
  readonly promotion?: PromotionFigures;
  readonly index: IndexFigures;
  readonly searches?: SearchFigures;
  readonly benchmark?: BenchmarkFigures;
  readonly demo?: Recommendations;
  /** Other users, from a short history to a long one. */
  readonly demos?: readonly Recommendations[];
  readonly neighbours?: readonly NeighbourFigures[];
  readonly itemMap?: ItemMapFigures;
  readonly reproduction?: ReproductionFigures;
}
