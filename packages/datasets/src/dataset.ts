/**
 * The shapes of a dataset. Everything is columns: 25 million interactions are four typed arrays, not 25 million objects.
 * Users and items are rows, counted from 0; the vocabularies translate between rows and the ids of the source.
 */

import type { Field } from './fields';
import type { RepeatRule } from './log/repeats';

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
  /** `[events]` seconds since 1970; the row in the source where its rows are in order; 0 where there is no order. */
  readonly timestamps: Float64Array;
  /** `[events]` how much an event counts in the loss, finite and above 0; absent where all count the same. */
  readonly weights?: Float32Array;
  /** What kind of event each is; absent where the log does not tell. */
  readonly types?: EventTypes;
  /** The circumstances of each event, none by the same name; absent where the log does not tell. */
  readonly context?: readonly ContextColumn[];
  /** Signals against an item, which are no events of the log; absent where there are none. */
  readonly negatives?: NegativeSignals;
  /**
   * What the order of a user's events is: that of their times (where this is absent too), that of the rows of the
   * source, or none, so that a history is a set. With `none`, events stand in an order drawn by the seed.
   */
  readonly order?: 'time' | 'rows' | 'none';
}

/** One label per event, such as the device. */
export interface ContextColumn {
  readonly name: string;
  readonly labels: readonly string[];
  /** `[events]` index into `labels`, -1 when unknown. */
  readonly values: Int32Array;
}

/** Events with a weight of 0 or below, grouped by user (compressed sparse rows), in order of time. */
export interface NegativeSignals {
  /** `[userCount + 1]` */
  readonly offsets: Int32Array;
  /** `[signals]` item rows. */
  readonly items: Int32Array;
  /** `[signals]` seconds since 1970. */
  readonly timestamps: Float64Array;
}

export interface EventTypes {
  readonly names: readonly string[];
  /** `[events]` index into `names`. */
  readonly values: Uint8Array;
  /** Index of the type that is predicted: only its events are held out. Absent where all are. */
  readonly target?: number;
  /** Whether histories tell a model the types; absent where they don't. */
  readonly inHistories?: boolean;
}

export interface Users {
  readonly vocabulary: Vocabulary;
  /** At most one of them is of numbers. */
  readonly fields: readonly Field[];
}

export interface Items {
  readonly vocabulary: Vocabulary;
  /** `[items]`, what a person calls them; empty where the source has no name. */
  readonly names?: readonly string[];
  /** At most one of them is of numbers. */
  readonly fields: readonly Field[];
  /** Numbers and dates as the source has them, for filters; absent where it has none. */
  readonly quantities?: readonly Quantity[];
}

/** A number or a date of each item. */
export interface Quantity {
  readonly name: string;
  readonly kind: 'number' | 'date';
  /** `[items]`, dates in seconds since 1970; NaN where it is missing. */
  readonly values: Float64Array;
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
  /** What the source says about events that repeat an item; absent where it says nothing. */
  readonly repeats?: RepeatRule;
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
  /** Seed of the synthetic world, and of the order of events in a log that tells none. */
  readonly seed: number;
  readonly onProgress?: (progress: LoadProgress) => void;
}
