import type { RowLists } from '../embedding/block';
import type { Columns } from '../serving/matrix';

/** A history encoder of the model, as it serves: the twin of `HistoryEncoder`, without tfjs and gradients. */
export interface ServingHistory {
  readonly width: number;
  /** Writes the encoded histories, oldest item first, into `[batch, width]`. */
  encode(histories: RowLists, out: Columns): void;
}

/** A table `[items, dim]` that histories are read through. */
export interface VectorTable {
  readonly values: Float32Array;
  readonly dim: number;
}
