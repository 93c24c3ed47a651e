/**
 * The shapes of a dataset. Everything is columns: 25 million interactions are four typed arrays, not 25 million objects.
 * Users and items are rows, counted from 0; the vocabularies translate between rows and the ids of the source.
 */

/** The ids of users or items, by row. Either all integers (safe ones) or all strings. */
export interface Vocabulary {
  readonly kind: 'integer' | 'string';
  readonly size: number;
  /** The id of a row in [0, size). */
  idAt(row: number): number | string;
  /** The row of an id, `undefined` when there is none. `"7"` and `7` are different ids. */
  rowOf(id: number | string): number | undefined;
}

/** Who had what and when, grouped by user (compressed sparse rows). */
export interface InteractionLog {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[userCount + 1]`: the events of user u are at `offsets[u]` to `offsets[u + 1] - 1`. */
  readonly offsets: Int32Array;
  /** `[events]` item rows; per user in order of time, events of the same second in the order of the source. */
  readonly items: Int32Array;
  /** `[events]` seconds since 1970; the place in the source where that gives no time. */
  readonly timestamps: Float64Array;
}

/** How raw values became model inputs: `(raw - mean) / scale`, column by column. */
export interface Standardisation {
  /** `[width]` */
  readonly mean: readonly number[];
  /** `[width]`, above zero; 1 for flags and one-hot columns, whose mean is then 0. */
  readonly scale: readonly number[];
}

export interface FeatureMatrix {
  readonly names: readonly string[];
  readonly width: number;
  /** `[rows, width]`, finite, standardised. */
  readonly values: Float32Array;
  /** What a caller has to apply to raw features at serving time; absent when the values were not changed. */
  readonly standardisation?: Standardisation;
}

/** One label per row. */
export interface CategoryColumn {
  readonly labels: readonly string[];
  /** `[rows]` index into `labels`, -1 when unknown. */
  readonly values: Int32Array;
}

/** Any number of labels per row (compressed sparse rows), none twice. */
export interface TagColumn {
  readonly labels: readonly string[];
  /** `[rows + 1]` */
  readonly offsets: Int32Array;
  /** Index into `labels`. */
  readonly values: Int32Array;
}

export interface Users {
  readonly vocabulary: Vocabulary;
  readonly features?: FeatureMatrix;
}

export interface Items {
  readonly vocabulary: Vocabulary;
  /** `[items]`, what a person calls them; empty where the source has no name. */
  readonly names?: readonly string[];
  readonly categories?: CategoryColumn;
  readonly tags?: TagColumn;
  readonly features?: FeatureMatrix;
}

/** The law by which a synthetic world drew its events. */
export interface GroundTruth {
  /**
   * The probability of each item being the user's event at the time of their last one, up to a factor.
   * @param out `[items]`, overwritten
   */
  scoreItems(userRow: number, out: Float32Array): void;
}

export interface Dataset {
  readonly name: string;
  readonly users: Users;
  readonly items: Items;
  readonly interactions: InteractionLog;
  readonly truth?: GroundTruth;
  /** One sentence for each thing that was dropped, added or assumed. */
  readonly notes: readonly string[];
}

/** Told every so often while a dataset is read. */
export interface LoadProgress {
  /** What is being done, `reading ratings.csv`. */
  readonly stage: string;
  /** Rows done in this stage. */
  readonly rows: number;
}

export interface LoadOptions {
  /** Seed of the synthetic world; real data does not depend on it. */
  readonly seed: number;
  readonly onProgress?: (progress: LoadProgress) => void;
}
