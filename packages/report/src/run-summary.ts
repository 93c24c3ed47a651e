/** Metrics by name: `hitRate@10`, `recall@10`, `ndcg@10` and so on at each cutoff, `mrr`, `coverage`. All in [0, 1]. */
export type MetricValues = Readonly<Record<string, number>>;

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

/** An item as the demo shows it. */
export interface DemoItem {
  readonly id: string | number;
  readonly name?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** Latency of single queries, in milliseconds, and how many are answered in a second. */
export interface LatencyFigures {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly qps: number;
}

/**
 * What a training run reports: the JSON of `train --json`. The report reads no more than this, so that whatever a
 * run produces can be handed in as plain data.
 */
export interface RunSummary {
  readonly artifact: { readonly path: string; readonly version: string };
  readonly dataset: {
    readonly name: string;
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
    /** One sentence for each thing the reader dropped or changed. */
    readonly notes?: readonly string[];
  };
  readonly model: { readonly parameters: number };
  readonly training: {
    readonly backend: string;
    readonly epochs: readonly EpochFigures[];
    readonly seconds: number;
    readonly bestEpoch: number;
    readonly stoppedEarly: boolean;
  };
  readonly evaluation: {
    readonly model: MetricValues;
    readonly popularity: MetricValues;
    readonly random: MetricValues;
    /** The planted preference, where the data has one: the ceiling. */
    readonly truth?: MetricValues;
    /** Users ranked. */
    readonly users: number;
    /** Users whose held-out item never occurs in training; each counts as a miss. */
    readonly unreachable: number;
  };
  readonly index: {
    readonly engine: string;
    readonly items: number;
    readonly dim: number;
    readonly m: number;
    readonly efConstruction: number;
    readonly efSearch: number;
    readonly buildSeconds: number;
    readonly bytes: number;
    /** Overlap with exact search by cutoff, `recall@10` and so on. */
    readonly recall: MetricValues;
  };
  readonly benchmark?: BenchmarkFigures;
  readonly demo?: {
    readonly userId: string | number;
    /** Newest last. */
    readonly history: readonly DemoItem[];
    readonly items: readonly (DemoItem & { readonly score: number })[];
  };
}

/** Serving speed on the machine that trained. */
export interface BenchmarkFigures {
  readonly single: LatencyFigures;
  readonly batches: readonly { readonly batchSize: number; readonly usersPerSecond: number }[];
}
