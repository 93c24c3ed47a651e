import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { ContextInput, FieldInput } from '../fields/field-input';

/** What the user tower reads besides the history. */
export interface UserInputs {
  readonly count: number;
  readonly fields?: readonly FieldInput[];
  /** What is known of the event to come: when and how a user asks. */
  readonly context?: readonly ContextInput[];
  /** Names of the types of events that histories tell apart; absent where they don't. */
  readonly eventTypes?: readonly string[];
}

/** What the item tower reads. */
export interface ItemInputs {
  readonly count: number;
  readonly fields?: readonly FieldInput[];
}

/** Everything the towers read that is not learned. */
export interface TowerInputs {
  readonly users: UserInputs;
  readonly items: ItemInputs;
}

/** Users to encode, in columns. */
export interface UserBatch {
  /** `[batch]` user rows; -1 is an unknown user and reads the embedding kept for that. */
  readonly users: Int32Array;
  /** `[batch + 1]`; the history of entry `b` is `historyItems[historyOffsets[b] .. historyOffsets[b + 1])`. */
  readonly historyOffsets: Int32Array;
  /** Item rows, oldest first, at most `historyLength` per user. */
  readonly historyItems: Int32Array;
  /** The type of the event of each of them, -1 where it is unknown; without it all are. */
  readonly historyTypes?: Int32Array;
  /**
   * Where several entries read one history up to different places, which takes an encoder that reads sequences: the
   * lists are then `[sequences]` and not `[batch]`.
   */
  readonly sequences?: {
    /** `[batch]`: the list that an entry reads. */
    readonly of: Int32Array;
    /** `[batch]`: how many of its items, from the oldest on. */
    readonly lengths: Int32Array;
  };
  /** `[batch, width]` of the field of numbers; takes the place of the stored rows. */
  readonly features?: Float32Array;
  /**
   * For each part of the context the labels of the entries, `[batch]`, -1 where they are unknown; without it all are.
   */
  readonly context?: readonly Int32Array[];
}

/** A weight of the model. It lives on the host; the optimiser writes into `values`. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** A `table` is `[rows, dim]` and gets a {@link TableGradient}; a `dense` weight gets a gradient of its own size. */
  readonly kind: 'dense' | 'table';
  /** False for the moving statistics of batch normalisation. */
  readonly trainable: boolean;
}

/** The gradient of the rows of a table that a batch has read. */
export interface TableGradient {
  /** Distinct rows, in no particular order. */
  readonly rows: Int32Array;
  /** `[rows.length, dim]` */
  readonly values: Float32Array;
}

/** Gradients by parameter name. Table gradients share buffers with the model: they hold until its next step. */
export interface Gradients {
  readonly dense: ReadonlyMap<string, Float32Array>;
  readonly tables: ReadonlyMap<string, TableGradient>;
}

/**
 * Maps user vectors `[batch, dim]` and item vectors `[items, dim]`, all of length one, to the loss of the step.
 * Built from tfjs ops and the ops of this package, so that its gradient is known.
 */
export type VectorLoss = (userVectors: Tensor2D, itemVectors: Tensor2D) => Scalar;
