import {
  BATCH_NORM_EPSILON,
  L2_EPSILON,
  LAYER_NORM_EPSILON,
  weightOf,
  type StoredTowers,
} from '@vector-recall/towers/serving';
import type { OnnxGraph, Value } from './graph';

/** x·W + b; without `bias` x·W. */
export function linear(graph: OnnxGraph, x: Value, weight: Value, bias?: Value): Value {
  const product = graph.op('MatMul', [x, weight]);
  return bias === undefined ? product : graph.op('Add', [product, bias]);
}

/** x·W + b with the weights of a layer of the model, `[inputs, width]` and `[width]`. */
export function namedLinear(
  graph: OnnxGraph,
  towers: StoredTowers,
  x: Value,
  name: string,
  inputs: number,
  width: number,
): Value {
  const weight = graph.floats(weightOf(towers, `${name}.weight`, [inputs, width]), [inputs, width]);
  return linear(graph, x, weight, graph.floats(weightOf(towers, `${name}.bias`, [width]), [width]));
}

/** relu(x·W + b) */
export function projection(
  graph: OnnxGraph,
  towers: StoredTowers,
  x: Value,
  name: string,
  inputs: number,
  width: number,
): Value {
  return graph.op('Relu', [namedLinear(graph, towers, x, name, inputs, width)]);
}

/** The rows of a table `[rows, width]` of these numbers; -1 gives zeros. */
export function lookUp(graph: OnnxGraph, table: Float32Array, width: number, rows: Value): Value {
  const padded = new Float32Array(table.length + width);
  padded.set(table);
  // Gather counts negative indices from the end, so that -1 is the row of zeros.
  return graph.op('Gather', [graph.floats(padded, [padded.length / width, width]), rows], { axis: 0 });
}

/** 1 where a row is given and 0 where it is -1, as float. */
export function isGiven(graph: OnnxGraph, rows: Value): Value {
  const given = graph.op('GreaterOrEqual', [rows, graph.integers([0], [])]);
  return graph.op('Cast', [given], { to: 1 });
}

export function sumOver(graph: OnnxGraph, x: Value, axis: number, keepDims = false): Value {
  return graph.op('ReduceSum', [x, graph.integers([axis])], { keepdims: keepDims ? 1 : 0 });
}

/** Rows of the last axis at mean zero and variance one, as `layerNorm` of the model. */
export function layerNorm(graph: OnnxGraph, x: Value): Value {
  const meanOf = (value: Value): Value => graph.op('ReduceMean', [value], { axes: [-1], keepdims: 1 });
  const centred = graph.op('Sub', [x, meanOf(x)]);
  const variance = meanOf(graph.op('Mul', [centred, centred]));
  const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.floats([LAYER_NORM_EPSILON], [])])]);
  return graph.op('Div', [centred, deviation]);
}

/**
 * The trunk and the normalisation of a tower in evaluation mode: x `[batch, inputWidth]` → `[batch, embeddingDim]`.
 * Batch normalisation is folded into the weights before it, as in serving.
 */
export function trunk(graph: OnnxGraph, towers: StoredTowers, x: Value, name: string, inputWidth: number): Value {
  const { config } = towers;
  const { hiddenDims, embeddingDim } = config;
  if (config.trunk === 'sum') {
    const parts = graph.op('Reshape', [x, graph.integers([-1, inputWidth / embeddingDim, embeddingDim])]);
    return unitRows(graph, sumOver(graph, parts, 1));
  }
  let inputs = inputWidth;
  let state = x;
  hiddenDims.forEach((width, i) => {
    const layer = `${name}.hidden.${i}`;
    const vector = (part: string): Float32Array => weightOf(towers, `${layer}.norm.${part}`, [width]);
    const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map(vector);
    const factor = Float64Array.from(scale, (value, k) => value / Math.sqrt(variance[k] + BATCH_NORM_EPSILON));
    const weight = weightOf(towers, `${layer}.weight`, [inputs, width]).map((value, at) => value * factor[at % width]);
    const bias = Float32Array.from(offset, (value, k) => value - mean[k] * factor[k]);
    const sums = linear(graph, state, graph.floats(weight, [inputs, width]), graph.floats(bias, [width]));
    state = graph.op('Relu', [sums]);
    inputs = width;
  });
  return unitRows(graph, namedLinear(graph, towers, state, `${name}.output`, inputs, embeddingDim));
}

/** Rows at length one: y = x/√max(‖x‖², ε) */
export function unitRows(graph: OnnxGraph, x: Value): Value {
  const squares = sumOver(graph, graph.op('Mul', [x, x]), 1, true);
  const length = graph.op('Sqrt', [graph.op('Max', [squares, graph.floats([L2_EPSILON], [])])]);
  return graph.op('Div', [x, length]);
}
