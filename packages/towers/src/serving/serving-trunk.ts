import { L2_EPSILON } from '../ops/epsilons';
import type { ServingLayer } from './layers';
import { DoubleScratch, type Columns } from './matrix';

/** The layers behind the inputs of a tower, and the length of one behind the last of them. */
export class ServingTrunk {
  readonly #scratch: readonly DoubleScratch[];

  constructor(private readonly layers: readonly ServingLayer[]) {
    this.#scratch = layers.map(() => new DoubleScratch());
  }

  /**
   * @param inputs `[rows, inputs]`
   * @returns `[rows, embeddingDim]`, each of length one
   */
  encode(inputs: Columns, rows: number): Float32Array {
    let activation = inputs;
    this.layers.forEach((layer, i) => {
      const { outputs } = layer;
      const next = { values: this.#scratch[i].take(rows * outputs), stride: outputs, offset: 0 };
      layer.forward(activation, next, rows);
      activation = next;
    });
    return normalised(activation.values, rows, this.layers[this.layers.length - 1].outputs);
  }
}

/** Rows at length one: y = x/√max(‖x‖², ε) */
function normalised(x: Float64Array, rows: number, dim: number): Float32Array {
  const vectors = new Float32Array(rows * dim);
  for (let start = 0; start < rows * dim; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += x[i] * x[i];
    const scale = 1 / Math.sqrt(Math.max(squares, L2_EPSILON));
    for (let i = start; i < start + dim; i++) vectors[i] = x[i] * scale;
  }
  return vectors;
}
