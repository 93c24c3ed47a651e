import type * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RowGradients } from '../../embedding/row-gradients';
import { Scratch } from '../../embedding/scratch';
import type { ParameterSet } from '../../model/parameter-set';
import { Projection } from '../../model/projection';
import type { StepWeights } from '../../model/step-weights';
import type { Parameter } from '../../model/types';
import type { Histories } from '../histories';
import type { HistoryBlock, PooledHistory } from '../history-encoder';
import { TypeFactors } from '../type-factors/training';
import { factorSlopes, poolByRecency } from './pool';
import { RecencyWeights } from './weights';

/**
 * Means of the history at several time scales, side by side and projected: one in which an item's weight halves every
 * h items towards the past, for each half-life h, and the plain mean. The newest items stand out in the first, the
 * long-term taste in the last, and the projection decides how much each counts.
 *
 * Each mean is an exponential moving average, a linear recurrence with a fixed decay; a bank of them is how state-space
 * layers remember a sequence (Gu et al. 2020, HiPPO; Ma et al. 2023, Mega, section 3.1). Without weights of its own
 * inside the sequence it costs one pass over the items on the host and no attention matrix. An empty history is zero.
 * Where types of events are told apart, each item counts by the factor of its type too ({@link TypeFactors}).
 */
export class RecencyHistory implements PooledHistory {
  readonly reads = 'ids';
  readonly width: number;
  readonly #dim: number;
  readonly #weights: RecencyWeights;
  readonly #projection: Projection;
  readonly #types?: TypeFactors;
  readonly #scratch = new Scratch();

  /** @param types of events that histories tell apart */
  constructor(parameters: ParameterSet, name: string, config: ModelConfig, types = 0) {
    this.#dim = config.idDim;
    this.width = config.historyDim;
    this.#weights = RecencyWeights.of(config.halfLives, config.historyLength);
    this.#projection = new Projection(parameters, name, this.#pooledWidth, this.width);
    if (types > 0) this.#types = new TypeFactors(parameters, name, types);
  }

  /** The means of all scales side by side. */
  get #pooledWidth(): number {
    return this.#weights.scales * this.#dim;
  }

  lookUp(table: Float32Array, histories: Histories): HistoryBlock {
    const batch = histories.offsets.length - 1;
    const width = this.#pooledWidth;
    const values = this.#scratch.take(batch * width);
    poolByRecency(table, this.#dim, histories, this.#weights, values, this.#types?.of(histories));
    return { shape: [batch, width], values };
  }

  encode(embedded: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    return this.#projection.forward(embedded, weights);
  }

  scatter(
    gradient: Float32Array,
    histories: Histories,
    itemTable: Parameter,
    into: (table: Parameter) => RowGradients,
  ): void {
    const factors = this.#types?.of(histories);
    into(itemTable).addPooled(histories, gradient, this.#weights, factors);
    if (this.#types === undefined || factors === undefined) return;
    const slopes = factorSlopes(itemTable.values, this.#dim, histories, this.#weights, factors, gradient);
    this.#types.scatter(slopes, histories, into);
  }
}
