import * as tf from '@tensorflow/tfjs';
import type { RowLists } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import type { ParameterSet } from '../model/parameter-set';
import { Projection } from '../model/projection';
import type { StepWeights } from '../model/step-weights';
import type { HistoryBlock, HistoryEncoder } from './history-encoder';
import { lookUpNewestFirst, scatterNewestFirst } from './newest-first';
import { poolByRecency, scatterByRecency } from './recency-pool';
import { RecencyWeights } from './recency-weights';
import { TransformerBlock } from './transformer-block';

/**
 * The means of {@link RecencyHistory} beside the state of a {@link TransformerBlock}, projected together. The block sees
 * which item came last and what went well with it, the means hold the long-term taste. An empty history is zero.
 */
export class TransformerHistory implements HistoryEncoder {
  readonly width: number;
  readonly #weights: RecencyWeights;
  readonly #block: TransformerBlock;
  readonly #projection: Projection;
  readonly #scratch = new Scratch();
  readonly #maskScratch = new Scratch();

  /**
   * @param length items of a history that are read, the newest ones
   * @param halfLives in items, above 0
   */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly dim: number,
    private readonly length: number,
    halfLives: readonly number[],
    width: number,
  ) {
    this.width = width;
    this.#weights = RecencyWeights.of(halfLives, length);
    this.#block = new TransformerBlock(parameters, `${name}.transformer`, dim, length);
    this.#projection = new Projection(parameters, name, (this.#weights.scales + 1) * dim, width);
  }

  /** All items of the batch, `[batch · length, dim]`, and then all means, `[batch · scales, dim]`. */
  lookUp(table: Float32Array, histories: RowLists): HistoryBlock {
    const { dim, length } = this;
    const batch = histories.offsets.length - 1;
    const rows = batch * (length + this.#weights.scales);
    const values = this.#scratch.take(rows * dim);
    const mask = this.#maskScratch.take(batch * length);
    lookUpNewestFirst(table, dim, length, histories, { values, mask });
    poolByRecency(table, dim, histories, this.#weights, values.subarray(batch * length * dim));
    return { shape: [rows, dim], values, mask };
  }

  encode(embedded: tf.Tensor2D, { mask }: HistoryBlock, weights: StepWeights): tf.Tensor2D {
    const { dim, length } = this;
    const { scales } = this.#weights;
    const batch = embedded.shape[0] / (length + scales);
    const [items, means] = tf.split(embedded, [batch * length, batch * scales]);
    const state = this.#block.forward(
      tf.reshape(items, [batch, length, dim]),
      tf.tensor2d(mask ?? new Float32Array(batch * length), [batch, length]),
      weights,
    );
    return this.#projection.forward(tf.concat2d([tf.reshape(means, [batch, scales * dim]), state], 1), weights);
  }

  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void {
    const { dim, length } = this;
    const batch = histories.offsets.length - 1;
    scatterNewestFirst(gradient, dim, length, histories, into);
    scatterByRecency(gradient.subarray(batch * length * dim), dim, histories, this.#weights, into);
  }
}
