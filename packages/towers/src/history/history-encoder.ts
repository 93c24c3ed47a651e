import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';
import type { RowGradients } from '../embedding/row-gradients';
import type { StepWeights } from '../model/step-weights';
import type { Parameter } from '../model/types';
import type { Histories } from './histories';

/** Turns the recent items of a user into one vector, in training and evaluation. Its twin serves without tfjs. */
export type HistoryEncoder = PooledHistory | SequenceHistory;

/** What an encoder reads of tables, which are on the host. */
interface HostHistory {
  /** Width of what `encode` gives. */
  readonly width: number;
  /**
   * What the backend gets to read, absent where that is nothing. The block holds until the next call.
   * @param itemTable the item-id table `[items, dim]`
   */
  lookUp(itemTable: Float32Array, histories: Histories): HistoryBlock | undefined;
  /**
   * Adds the gradient of the block to the rows of the tables that it was looked up from.
   * @param gradient row-major of the block's shape
   * @param into the sums of each table of the model
   */
  scatter(
    gradient: Float32Array,
    histories: Histories,
    itemTable: Parameter,
    into: (table: Parameter) => RowGradients,
  ): void;
}

/** Sums histories up on the host, read through the item-id table that both towers share. */
export interface PooledHistory extends HostHistory {
  readonly reads: 'ids';
  /** block `[rows, dim]` as a tensor → `[batch, width]` */
  encode(embedded: tf.Tensor2D, weights: StepWeights): tf.Tensor2D;
}

/** The looked-up histories of a batch as they go to the backend. */
export interface HistoryBlock {
  readonly shape: readonly [rows: number, dim: number];
  readonly values: Float32Array;
}

/** Reads histories item by item in their order, each as the vector that the item tower gives it. */
export interface SequenceHistory extends HostHistory {
  readonly reads: 'items';
  /**
   * @param entries what is read of every entry of the sequences
   * @param random where dropout masks are drawn from; without it nothing is dropped
   * @returns `[batch, width]`
   */
  encode(entries: SequenceEntries, sequences: Sequences, weights: StepWeights, random?: RandomStream): tf.Tensor2D;
}

export interface SequenceEntries {
  /** `[entries, embeddingDim]`: the vectors of the items; absent where all sequences are empty. */
  readonly items?: tf.Tensor2D;
  /** `[entries, embeddingDim]`: what the types of the events add to them; absent where that is nothing. */
  readonly types?: tf.Tensor2D;
}

/** Histories of a batch, of which several entries may read the same one up to different places. */
export interface Sequences {
  /** `[sequences + 1]`: sequence s is the entries `offsets[s]` to `offsets[s + 1] - 1`, oldest first. */
  readonly offsets: Int32Array;
  /** `[batch]`: the sequence that each entry of the batch reads. */
  readonly of: Int32Array;
  /** `[batch]`: how many of its items, from the oldest on, 0 for none. */
  readonly lengths: Int32Array;
}
