import type * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RowLists } from '../../embedding/block';
import { lookUpMean } from '../../embedding/lookup';
import type { RowGradients } from '../../embedding/row-gradients';
import { Scratch } from '../../embedding/scratch';
import type { ParameterSet } from '../../model/parameter-set';
import { Projection } from '../../model/projection';
import type { StepWeights } from '../../model/step-weights';
import type { Parameter } from '../../model/types';
import type { HistoryBlock, PooledHistory } from '../history-encoder';

/**
 * The mean of the items, projected. An empty history is the zero vector. Where histories tell types of events apart, the
 * recency encoder without half-lives takes its place.
 */
export class MeanHistory implements PooledHistory {
  readonly reads = 'ids';
  readonly width: number;
  readonly #dim: number;
  readonly #projection: Projection;
  readonly #scratch = new Scratch();

  constructor(parameters: ParameterSet, name: string, config: ModelConfig) {
    this.#dim = config.idDim;
    this.width = config.historyDim;
    this.#projection = new Projection(parameters, name, this.#dim, this.width);
  }

  lookUp(table: Float32Array, histories: RowLists): HistoryBlock {
    const batch = histories.offsets.length - 1;
    const values = this.#scratch.take(batch * this.#dim);
    lookUpMean(table, this.#dim, histories, { values, stride: this.#dim, offset: 0 });
    return { shape: [batch, this.#dim], values };
  }

  encode(embedded: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    return this.#projection.forward(embedded, weights);
  }

  scatter(
    gradient: Float32Array,
    histories: RowLists,
    itemTable: Parameter,
    into: (table: Parameter) => RowGradients,
  ): void {
    into(itemTable).addMean(histories, { values: gradient, stride: this.#dim, offset: 0 });
  }
}
