import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '@vector-recall/random';
import { glorotNormal, heNormal, zeros, type Initializer, type ParameterSet } from '../../model/parameter-set';
import type { StepWeights } from '../../model/step-weights';
import type { Parameter } from '../../model/types';
import { type Dropout, drawDropout } from '../../ops/dropout';
import { type BlockWeights, transformerBlock } from '../../ops/transformer-block';

export interface BlockShape {
  readonly dim: number;
  /** Divides `dim`. */
  readonly heads: number;
  /** Places that attention can look back over, its own among them. */
  readonly ages: number;
  /** Share of the outputs of attention and of the feed-forward layers that is dropped in training. */
  readonly dropout: number;
}

interface Layer {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/**
 * One pre-norm block of a causal transformer (Vaswani et al. 2017; the order of Xiong et al. 2020, figure 1b), with a
 * learned bias per head and age in place of position embeddings (Raffel et al. 2020, section 2.1):
 *
 *     y = x + Attention(LN(x)),  z = y + W₂·relu(W₁·LN(y) + b₁) + b₂
 *
 * The gains and biases of both LN are those of the layers that follow.
 */
export class TransformerBlock {
  readonly #query: Layer;
  /** Without a bias, which a softmax over the places would cancel. */
  readonly #key: Parameter;
  readonly #value: Layer;
  readonly #output: Layer;
  readonly #inner: Layer;
  readonly #outer: Layer;
  /** `[heads, ages]` */
  readonly #ages: Parameter;

  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly shape: BlockShape,
  ) {
    const { dim, heads, ages } = shape;
    const layer = (part: string, initializer: Initializer): Layer => ({
      weight: parameters.dense(`${name}.${part}.weight`, [dim, dim], initializer),
      bias: parameters.dense(`${name}.${part}.bias`, [dim], zeros),
    });
    this.#query = layer('query', glorotNormal);
    this.#key = parameters.dense(`${name}.key.weight`, [dim, dim], glorotNormal);
    this.#value = layer('value', glorotNormal);
    this.#output = layer('output', glorotNormal);
    this.#ages = parameters.dense(`${name}.ages`, [heads, ages], zeros);
    this.#inner = layer('inner', heNormal);
    this.#outer = layer('outer', glorotNormal);
  }

  /**
   * @param x `[rows, dim]`: the places of all sequences, one after the other
   * @param offsets `[sequences + 1]`: sequence s is the rows `offsets[s]` to `offsets[s + 1] - 1`, at most `ages`
   * @returns of the shape of x
   */
  forward(x: tf.Tensor2D, offsets: Int32Array, weights: StepWeights, random?: RandomStream): tf.Tensor2D {
    const draw = (): Dropout | undefined => drawDropout(x.shape, this.shape.dropout, random);
    const dropout = { attended: draw(), inner: draw(), outer: draw() };
    return transformerBlock(x, offsets, this.#tensors(weights), dropout);
  }

  #tensors(weights: StepWeights): BlockWeights {
    return {
      query: weights.matrix(this.#query.weight),
      queryBias: weights.vector(this.#query.bias),
      key: weights.matrix(this.#key),
      value: weights.matrix(this.#value.weight),
      valueBias: weights.vector(this.#value.bias),
      output: weights.matrix(this.#output.weight),
      outputBias: weights.vector(this.#output.bias),
      inner: weights.matrix(this.#inner.weight),
      innerBias: weights.vector(this.#inner.bias),
      outer: weights.matrix(this.#outer.weight),
      outerBias: weights.vector(this.#outer.bias),
      ages: weights.matrix(this.#ages),
    };
  }
}
