import { BATCH_NORM_EPSILON } from '../ops/epsilons';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { DenseLayer } from './dense-layer';
import { SumLayer } from './sum-layer';

/** A layer of a trunk: x `[rows, inputs]` → y `[rows, outputs]` */
export type ServingLayer = Pick<DenseLayer, 'forward' | 'outputs'>;

/** relu(x·W + b), as {@link Projection} of the model. */
export function loadProjection(towers: StoredTowers, name: string, inputs: number, width: number): DenseLayer {
  const weight = weightOf(towers, `${name}.weight`, [inputs, width]);
  const bias = weightOf(towers, `${name}.bias`, [width]);
  return new DenseLayer(weight, bias, inputs, width, true);
}

/**
 * The layers of the trunk, as {@link Mlp} of the model in evaluation mode: each normalisation, γ·(x·W − μ)/√(σ² + ε) + β,
 * is folded into the weights that precede it, W·f and β − μ·f with f = γ/√(σ² + ε).
 */
export function loadTrunk(towers: StoredTowers, name: string, inputWidth: number): ServingLayer[] {
  const { trunk, hiddenDims, embeddingDim } = towers.config;
  if (trunk === 'sum') return [new SumLayer(embeddingDim)];
  let inputs = inputWidth;
  const hidden = hiddenDims.map((width, i) => {
    const layer = `${name}.hidden.${i}`;
    const vector = (part: string): Float32Array => weightOf(towers, `${layer}.norm.${part}`, [width]);
    const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map(vector);
    const factor = Float64Array.from(scale, (value, k) => value / Math.sqrt(variance[k] + BATCH_NORM_EPSILON));
    const weight = weightOf(towers, `${layer}.weight`, [inputs, width]);
    const folded = new Float64Array(weight);
    for (let at = 0; at < folded.length; at++) folded[at] *= factor[at % width];
    const bias = Float64Array.from(offset, (value, k) => value - mean[k] * factor[k]);
    const dense = new DenseLayer(folded, bias, inputs, width, true);
    inputs = width;
    return dense;
  });
  const weight = weightOf(towers, `${name}.output.weight`, [inputs, embeddingDim]);
  const bias = weightOf(towers, `${name}.output.bias`, [embeddingDim]);
  return [...hidden, new DenseLayer(weight, bias, inputs, embeddingDim, false)];
}
