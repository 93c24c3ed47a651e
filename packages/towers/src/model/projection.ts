import type * as tf from '@tensorflow/tfjs';
import { dense, reluOfConstant } from '../ops/dense';
import { relu } from '../ops/relu';
import { heNormal, zeros, type ParameterSet } from './parameter-set';
import type { StepWeights } from './step-weights';
import type { Parameter } from './types';

/** relu(x·W + b), `[n, in]` → `[n, out]`: how dense features and the history enter a tower. */
export class Projection {
  readonly #weight: Parameter;
  readonly #bias: Parameter;

  constructor(
    parameters: ParameterSet,
    name: string,
    inputWidth: number,
    readonly width: number,
  ) {
    this.#weight = parameters.dense(`${name}.weight`, [inputWidth, width], heNormal);
    this.#bias = parameters.dense(`${name}.bias`, [width], zeros);
  }

  forward(x: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    return relu(dense(x, weights.matrix(this.#weight), weights.vector(this.#bias)));
  }

  /** As {@link forward}, for data that needs no gradient. */
  forwardConstant(x: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    return reluOfConstant(x, weights.matrix(this.#weight), weights.vector(this.#bias));
  }
}
