import type * as tf from '@tensorflow/tfjs';
import type { RowGradients } from '../embedding/row-gradients';
import type { RowLists } from '../embedding/block';
import type { StepWeights } from '../model/step-weights';

/** Sums up the recent items of a user, read through the item-id table that both towers share. */
export interface HistoryEncoder {
  /** Width of what {@link encode} gives. */
  readonly width: number;
  /** Fills {@link HistoryBlock} from the table `[items, dim]`. The block holds until the next call. */
  lookUp(table: Float32Array, histories: RowLists): HistoryBlock;
  /** block `[rows, dim]` as a tensor → `[batch, width]` */
  encode(embedded: tf.Tensor2D, block: HistoryBlock, weights: StepWeights): tf.Tensor2D;
  /** Adds the gradient of the block, row-major of its shape, to the rows of the table it was looked up from. */
  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void;
}

/** The looked-up histories of a batch as they go to the backend. */
export interface HistoryBlock {
  readonly shape: readonly [rows: number, dim: number];
  readonly values: Float32Array;
  /** Added to the attention scores, `[batch, length]`: 0 where there is an item, very negative elsewhere. */
  readonly mask?: Float32Array;
}
