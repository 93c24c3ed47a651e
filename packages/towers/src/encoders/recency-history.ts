import type * as tf from '@tensorflow/tfjs';
import type { RowLists } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import type { ParameterSet } from '../model/parameter-set';
import { Projection } from '../model/projection';
import type { StepWeights } from '../model/step-weights';
import type { HistoryBlock, HistoryEncoder } from './history-encoder';
import { poolByRecency, scatterByRecency } from './recency-pool';
import { RecencyWeights } from './recency-weights';

/**
 * Means of the history at several time scales, side by side and projected: one in which an item's weight halves every
 * h items towards the past, for each half-life h, and the plain mean. The newest items stand out in the first, the
 * long-term taste in the last, and the projection decides how much each counts.
 *
 * Each mean is an exponential moving average, a linear recurrence with a fixed decay; a bank of them is how state-space
 * layers remember a sequence (Gu et al. 2020, HiPPO; Ma et al. 2023, Mega, section 3.1). Without weights of its own
 * inside the sequence it costs one pass over the items on the host and no attention matrix. An empty history is zero.
 */
export class RecencyHistory implements HistoryEncoder {
  readonly width: number;
  readonly #weights: RecencyWeights;
  readonly #projection: Projection;
  readonly #scratch = new Scratch();

  /**
   * @param length items of a history that are read, the newest ones
   * @param halfLives in items, above 0
   */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly dim: number,
    length: number,
    halfLives: readonly number[],
    width: number,
  ) {
    this.width = width;
    this.#weights = RecencyWeights.of(halfLives, length);
    this.#projection = new Projection(parameters, name, this.#pooledWidth, width);
  }

  /** The means of all scales side by side. */
  get #pooledWidth(): number {
    return this.#weights.scales * this.dim;
  }

  lookUp(table: Float32Array, histories: RowLists): HistoryBlock {
    const batch = histories.offsets.length - 1;
    const width = this.#pooledWidth;
    const values = this.#scratch.take(batch * width);
    poolByRecency(table, this.dim, histories, this.#weights, values);
    return { shape: [batch, width], values };
  }

  encode(embedded: tf.Tensor2D, _block: HistoryBlock, weights: StepWeights): tf.Tensor2D {
    return this.#projection.forward(embedded, weights);
  }

  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void {
    scatterByRecency(gradient, this.dim, histories, this.#weights, into);
  }
}
