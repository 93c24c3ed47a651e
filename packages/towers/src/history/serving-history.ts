import type { Columns } from '../serving/matrix';
import type { Histories } from './histories';

/** A history encoder of the model, as it serves: the twin of `HistoryEncoder`, without tfjs and gradients. */
export interface ServingHistory {
  readonly width: number;
  /** Writes the encoded histories, oldest item first, into `[batch, width]`. */
  encode(histories: Histories, out: Columns): void;
}

/** A table `[items, dim]` that histories are read through. */
export interface VectorTable {
  readonly values: Float32Array;
  readonly dim: number;
}
