import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';
import type { RowLists } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import type { StepWeights } from '../model/step-weights';

/** Turns the recent items of a user into one vector, in training and evaluation. Its twin serves without tfjs. */
export type HistoryEncoder = PooledHistory | SequenceHistory;

/** Sums histories up on the host, read through the item-id table that both towers share. */
export interface PooledHistory {
  readonly reads: 'ids';
  /** Width of what {@link encode} gives. */
  readonly width: number;
  /** Fills {@link HistoryBlock} from the table `[items, dim]`. The block holds until the next call. */
  lookUp(table: Float32Array, histories: RowLists): HistoryBlock;
  /** block `[rows, dim]` as a tensor → `[batch, width]` */
  encode(embedded: tf.Tensor2D, weights: StepWeights): tf.Tensor2D;
  /** Adds the gradient of the block, row-major of its shape, to the rows of the table it was looked up from. */
  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void;
}

/** The looked-up histories of a batch as they go to the backend. */
export interface HistoryBlock {
  readonly shape: readonly [rows: number, dim: number];
  readonly values: Float32Array;
}

/** Reads histories item by item in their order, each as the vector that the item tower gives it. */
export interface SequenceHistory {
  readonly reads: 'items';
  /** Width of what {@link encode} gives. */
  readonly width: number;
  /**
   * @param items `[entries, embeddingDim]`: the vector of every entry of the sequences; absent where all are empty
   * @param random where dropout masks are drawn from; without it nothing is dropped
   * @returns `[batch, width]`
   */
  encode(
    items: tf.Tensor2D | undefined,
    sequences: Sequences,
    weights: StepWeights,
    random?: RandomStream,
  ): tf.Tensor2D;
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
