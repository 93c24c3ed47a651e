import * as tf from '@tensorflow/tfjs';
import {
  glorotNormal,
  heNormal,
  tableNormal,
  zeros,
  type Initializer,
  type ParameterSet,
} from '../model/parameter-set';
import type { StepWeights } from '../model/step-weights';
import type { Parameter } from '../model/types';
import { dense } from '../ops/dense';
import { layerNorm } from '../ops/layer-norm';
import { relu } from '../ops/relu';
import { batchedScores, pairwiseScores, weightedSum } from '../ops/scores';

/**
 * The state starts at the size of the fresh means that stand beside it, 0.05 an entry. At one it would drown them, and
 * what they learn of the long-term taste with them (as LayerScale, Touvron et al. 2021, lets a block in step by step).
 */
const startingGain: Initializer = (values) => {
  values.fill(0.05);
};

/**
 * One block of a causal transformer (SASRec, Kang & McAuley 2018, section III) at its last position, which is all that
 * the next item is predicted from. With items h_l, newest first, and a learned position p_l per age:
 *
 *     x_l = √d·h_l + p_l,  α = softmax_l(x_0·Q·x_l / √d),  y = LN(x_0 + Σ α_l·x_l·V),  z = γ·LN(y + FFN(y))
 *
 * Every prefix of a history is a training example of its own, so nothing is lost by the other positions, and the cost is
 * linear in the length. With one head, as in the paper, the query and key matrices only matter as their product Q, and
 * those of value and output as V; and x_l never has to exist: its two terms are scored and summed apart.
 */
export class TransformerBlock {
  readonly #positions: Parameter;
  readonly #query: Parameter;
  readonly #value: Parameter;
  readonly #inner: readonly [weight: Parameter, bias: Parameter];
  readonly #outer: readonly [weight: Parameter, bias: Parameter];
  readonly #gain: Parameter;

  /** @param length positions, one per age */
  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly dim: number,
    length: number,
  ) {
    this.#positions = parameters.dense(`${name}.positions`, [length, dim], tableNormal);
    this.#query = parameters.dense(`${name}.query`, [dim, dim], glorotNormal);
    this.#value = parameters.dense(`${name}.value`, [dim, dim], glorotNormal);
    const layer = (part: string, initializer: Initializer): [Parameter, Parameter] => [
      parameters.dense(`${name}.${part}.weight`, [dim, dim], initializer),
      parameters.dense(`${name}.${part}.bias`, [dim], zeros),
    ];
    this.#inner = layer('inner', heNormal);
    this.#outer = layer('outer', glorotNormal);
    this.#gain = parameters.dense(`${name}.gain`, [dim], startingGain);
  }

  /**
   * @param items `[batch, length, dim]`, newest first
   * @param mask `[batch, length]`, added to the scores: 0 where there is an item, very negative elsewhere
   * @returns `[batch, dim]`; the zero vector for a history without items
   */
  forward(items: tf.Tensor3D, mask: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    const { dim } = this;
    const [batch, length] = items.shape;
    const scale = Math.sqrt(dim);
    const positions = weights.matrix(this.#positions);
    const newest = tf.slice2d(tf.reshape(items, [batch, length * dim]), [0, 0], [batch, dim]);
    const x: tf.Tensor2D = tf.add(tf.mul(newest, scale), tf.slice2d(positions, [0, 0], [1, dim]));
    const query: tf.Tensor2D = tf.div(dense(x, weights.matrix(this.#query)), scale);
    const content: tf.Tensor2D = tf.mul(batchedScores(query, items), scale);
    const attention = tf.softmax(tf.add<tf.Tensor2D>(tf.add(content, pairwiseScores(query, positions)), mask));
    const context: tf.Tensor2D = tf.add(tf.mul(weightedSum(attention, items), scale), dense(attention, positions));
    const y = layerNorm(tf.add(x, dense(context, weights.matrix(this.#value))));
    const normal = layerNorm(tf.add(y, this.#feedForward(y, weights)));
    const z: tf.Tensor2D = tf.mul(normal, weights.vector(this.#gain));
    const isPresent = tf.cast(tf.equal(tf.slice2d(mask, [0, 0], [batch, 1]), 0), 'float32');
    return tf.mul(z, isPresent);
  }

  #feedForward(y: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    const [innerWeight, innerBias] = this.#inner;
    const [outerWeight, outerBias] = this.#outer;
    const inner = relu(dense(y, weights.matrix(innerWeight), weights.vector(innerBias)));
    return dense(inner, weights.matrix(outerWeight), weights.vector(outerBias));
  }
}
