import * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';
import { dense } from '../ops/dense';
import { dropoutMask } from '../ops/dropout-mask';
import { BATCH_NORM_EPSILON } from '../ops/epsilons';
import { normalizeAndDrop } from '../ops/hidden-layer';
import { l2Normalize } from '../ops/l2-normalize';
import { relu } from '../ops/relu';
import { sideBySide } from '../ops/side-by-side';
import { MovingMoments } from './moving-moments';
import { glorotNormal, heNormal, ones, zeros, type ParameterSet } from './parameter-set';
import type { StepWeights } from './step-weights';
import type { Parameter } from './types';

export interface MlpShape {
  readonly inputWidth: number;
  readonly hiddenDims: readonly number[];
  readonly outputWidth: number;
  /** Share of hidden units dropped in training, [0, 1). */
  readonly dropout: number;
}

interface HiddenLayer {
  /** `[in, width]`. There is no bias: the normalisation would subtract it again. */
  readonly weight: Parameter;
  readonly scale: Parameter;
  readonly offset: Parameter;
  readonly moments: MovingMoments;
}

/** The trunk of a tower: [Linear, BatchNorm, ReLU, Dropout] for each hidden width, Linear, L2. */
export class Mlp {
  readonly #hidden: HiddenLayer[] = [];
  readonly #weight: Parameter;
  readonly #bias: Parameter;
  readonly #dropout: number;

  constructor(parameters: ParameterSet, name: string, shape: MlpShape) {
    this.#dropout = shape.dropout;
    let width = shape.inputWidth;
    for (const [i, next] of shape.hiddenDims.entries()) {
      const layer = `${name}.hidden.${i}`;
      this.#hidden.push({
        weight: parameters.dense(`${layer}.weight`, [width, next], heNormal),
        scale: parameters.dense(`${layer}.norm.scale`, [next], ones),
        offset: parameters.dense(`${layer}.norm.offset`, [next], zeros),
        moments: new MovingMoments(parameters, `${layer}.norm`, next),
      });
      width = next;
    }
    this.#weight = parameters.dense(`${name}.output.weight`, [width, shape.outputWidth], glorotNormal);
    this.#bias = parameters.dense(`${name}.output.bias`, [shape.outputWidth], zeros);
  }

  /** Training mode: normalises by the batch, drops units and updates the moving moments. → `[n, out]` */
  train(inputs: readonly tf.Tensor2D[], weights: StepWeights, random: RandomStream): tf.Tensor2D {
    const kept = 1 / (1 - this.#dropout);
    let activation = sideBySide(inputs);
    let scale = 1;
    for (const { weight, moments, ...norm } of this.#hidden) {
      const linear = dense(activation, scaled(weights.matrix(weight), scale));
      const mask = this.#dropout > 0 ? dropoutMask(linear.shape, this.#dropout, random) : undefined;
      activation = normalizeAndDrop(linear, weights.vector(norm.scale), weights.vector(norm.offset), mask, (batch) => {
        moments.update(batch);
      });
      scale = kept;
    }
    const output = dense(activation, scaled(weights.matrix(this.#weight), scale), weights.vector(this.#bias));
    return l2Normalize(output);
  }

  /** Evaluation mode: normalises by the moving moments, which makes each hidden layer one product. */
  evaluate(inputs: readonly tf.Tensor2D[], weights: StepWeights): tf.Tensor2D {
    let activation = sideBySide(inputs);
    for (const { weight, scale, offset, moments } of this.#hidden) {
      const factor = tf.mul<tf.Tensor1D>(
        weights.vector(scale),
        tf.rsqrt(tf.add(weights.vector(moments.variance), BATCH_NORM_EPSILON)),
      );
      const shift: tf.Tensor1D = tf.sub(weights.vector(offset), tf.mul(weights.vector(moments.mean), factor));
      activation = relu(dense(activation, tf.mul(weights.matrix(weight), factor), shift));
    }
    return l2Normalize(dense(activation, weights.matrix(this.#weight), weights.vector(this.#bias)));
  }
}

function scaled(weight: tf.Tensor2D, factor: number): tf.Tensor2D {
  return factor === 1 ? weight : tf.mul(weight, factor);
}
