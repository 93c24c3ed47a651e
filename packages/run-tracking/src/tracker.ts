/** Figures by name; a slash groups them, as in `train/loss`. */
export type Figures = Readonly<Record<string, number>>;

/** What is known of a run before it starts. */
export interface TrackedRun {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a run ended. */
export interface TrackedEnd {
  readonly status: 'finished' | 'failed' | 'interrupted';
  /** Steps done in all. */
  readonly step: number;
  /** Options by path, as in `training.learningRate`. */
  readonly params: Readonly<Record<string, string>>;
  /** What is known of the run now that it ended. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the evaluation measured; empty where there was none. */
  readonly metrics: Figures;
  /** The report as an HTML page; absent where there is none. */
  readonly report?: string;
}

/**
 * A place that collects the figures of runs. Calls come one after the other, in the order of the interface; after one
 * that fails none follows.
 */
export interface Tracker {
  /** What a person calls it. */
  readonly name: string;
  start(run: TrackedRun): Promise<void>;
  /** Figures of one training step; absent where epochs are fine enough. */
  logStep?(step: number, figures: Figures): Promise<void>;
  /** Figures of an epoch that is done, at its last step. */
  logEpoch(step: number, figures: Figures): Promise<void>;
  end(result: TrackedEnd): Promise<void>;
}
