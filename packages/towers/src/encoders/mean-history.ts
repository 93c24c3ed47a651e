import type * as tf from '@tensorflow/tfjs';
import type { RowLists } from '../embedding/block';
import { lookUpMean } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import type { ParameterSet } from '../model/parameter-set';
import { Projection } from '../model/projection';
import type { StepWeights } from '../model/step-weights';
import type { HistoryBlock, HistoryEncoder } from './history-encoder';

/** The mean of the items, projected. An empty history is the zero vector. */
export class MeanHistory implements HistoryEncoder {
  readonly width: number;
  readonly #projection: Projection;
  readonly #scratch = new Scratch();

  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly dim: number,
    width: number,
  ) {
    this.width = width;
    this.#projection = new Projection(parameters, name, dim, width);
  }

  lookUp(table: Float32Array, histories: RowLists): HistoryBlock {
    const batch = histories.offsets.length - 1;
    const values = this.#scratch.take(batch * this.dim);
    lookUpMean(table, this.dim, histories, { values, stride: this.dim, offset: 0 });
    return { shape: [batch, this.dim], values };
  }

  encode(embedded: tf.Tensor2D, _block: HistoryBlock, weights: StepWeights): tf.Tensor2D {
    return this.#projection.forward(embedded, weights);
  }

  scatter(gradient: Float32Array, histories: RowLists, into: RowGradients): void {
    into.addMean(histories, { values: gradient, stride: this.dim, offset: 0 });
  }
}
