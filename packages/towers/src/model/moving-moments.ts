import type { Moments } from '../ops/batch-norm';
import { ones, zeros, type ParameterSet } from './parameter-set';
import type { Parameter } from './types';

/**
 * The weight of a batch in the moving averages once enough batches have been seen. Averages over the last 20 batches
 * follow the weights closely, and each batch alone has thousands of rows, so a longer memory would only lag: with the
 * usual 0.01, a training of a hundred steps would end on moments of its start.
 */
const NEWEST_SHARE = 0.05;

/**
 * Moving averages of a batch normalisation's moments, `[width]` each. The first batches are averaged with equal weight,
 * so that no starting value is mixed in however short the training is.
 */
export class MovingMoments {
  readonly mean: Parameter;
  readonly variance: Parameter;
  readonly #batches: Parameter;

  constructor(parameters: ParameterSet, name: string, width: number) {
    this.mean = parameters.statistic(`${name}.mean`, [width], zeros);
    this.variance = parameters.statistic(`${name}.variance`, [width], ones);
    this.#batches = parameters.statistic(`${name}.batches`, [1], zeros);
  }

  update({ mean, variance }: Moments): void {
    // A float counts exactly up to 2^24; past the first 20 batches the count no longer matters.
    this.#batches.values[0] = Math.min(this.#batches.values[0] + 1, 2 ** 24);
    const share = Math.max(1 / this.#batches.values[0], NEWEST_SHARE);
    blend(this.mean.values, mean, share);
    blend(this.variance.values, variance, share);
  }
}

function blend(average: Float32Array, newest: Float32Array, share: number): void {
  for (let i = 0; i < average.length; i++) average[i] += (newest[i] - average[i]) * share;
}
