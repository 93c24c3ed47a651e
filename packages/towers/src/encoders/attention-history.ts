import * as tf from '@tensorflow/tfjs';
import type { RowLists } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import { glorotNormal, zeros, type ParameterSet } from '../model/parameter-set';
import { Projection } from '../model/projection';
import type { StepWeights } from '../model/step-weights';
import type { Parameter } from '../model/types';
import { addBias } from '../ops/add-bias';
import { dense } from '../ops/dense';
import { weightedSum } from '../ops/scores';
import type { HistoryBlock, HistoryEncoder } from './history-encoder';
import { lookUpNewestFirst, scatterNewestFirst } from './newest-first';

/**
 * Attention pooling with a learned query (Yang et al. 2016, equations 5–7): with items h_l, newest first,
 * u_l = tanh(K·h_l + p_l), α = softmax(q·u_l), and the sum of α_l·h_l is projected. The position p_l is learned per age
 * (0 = newest) and takes the place of the paper's bias. An empty history is the zero vector.
 */
export class AttentionHistory implements HistoryEncoder {
  readonly width: number;
  readonly #key: Parameter;
  readonly #positions: Parameter;
  readonly #query: Parameter;
  readonly #projection: Projection;
  readonly #scratch = new Scratch();
  readonly #maskScratch = new Scratch();

  /** @param length items of a history that are read, the newest ones */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly dim: number,
    private readonly length: number,
    width: number,
  ) {
    this.width = width;
    this.#key = parameters.dense(`${name}.attention.key`, [dim, dim], glorotNormal);
    this.#positions = parameters.dense(`${name}.attention.positions`, [length * dim], zeros);
    this.#query = parameters.dense(`${name}.attention.query`, [dim, 1], glorotNormal);
    this.#projection = new Projection(parameters, name, dim, width);
  }

  lookUp(table: Float32Array, histories: RowLists): HistoryBlock {
    const { dim, length } = this;
    const batch = histories.offsets.length - 1;
    const values = this.#scratch.take(batch * length * dim);
    const mask = this.#maskScratch.take(batch * length);
    lookUpNewestFirst(table, dim, length, histories, { values, mask });
    return { shape: [batch * length, dim], values, mask };
  }

  encode(embedded: tf.Tensor2D, block: HistoryBlock, weights: StepWeights): tf.Tensor2D {
    const { dim, length } = this;
    const batch = embedded.shape[0] / length;
    const keys = tf.reshape<tf.Rank.R2>(dense(embedded, weights.matrix(this.#key)), [batch, length * dim]);
    const placed = tf.tanh(addBias(keys, weights.vector(this.#positions)));
    const scores = dense(tf.reshape(placed, [batch * length, dim]), weights.matrix(this.#query));
    const mask = tf.tensor2d(block.mask ?? new Float32Array(batch * length), [batch, length]);
    const masked: tf.Tensor2D = tf.add(tf.reshape(scores, [batch, length]), mask);
    const attention = tf.softmax(masked);
    const pooled = weightedSum(attention, tf.reshape(embedded, [batch, length, dim]));
    return this.#projection.forward(pooled, weights);
  }

  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void {
    scatterNewestFirst(gradient, this.dim, this.length, histories, into);
  }
}
