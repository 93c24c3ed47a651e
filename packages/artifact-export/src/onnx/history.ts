import { RecencyWeights, typesWeight, weightOf, type StoredTowers } from '@vector-recall/towers/serving';
import type { OnnxGraph, Value } from './graph';
import { isGiven, layerNorm, linear, lookUp, namedLinear, projection, sumOver } from './layers';

/** What histories are read through, beside the weights. */
export interface HistorySource {
  readonly items: number;
  /** `[items, embeddingDim]`, for encoders that read vectors. */
  readonly itemVectors?: Float32Array;
  /** Absent where histories don't tell types of events apart. */
  readonly types?: TypeSource;
}

/** The types of the events of histories. */
export interface TypeSource {
  readonly count: number;
  /** `[batch, historyLength]`, at the places of the items; -1 where a type is unknown. */
  readonly rows: Value;
}

/** An encoded history, `[batch, width]`. */
export interface EncodedHistory {
  readonly value: Value;
  readonly width: number;
}

/** Hides a place from attention; exp of it is zero in 32 bits. */
const HIDDEN = -1e9;
const NAME = 'user.history';

/**
 * The history encoder of the model.
 * @param history `[batch, historyLength]` item rows, the newest last, -1 in front of shorter ones
 */
export function encodeHistory(
  graph: OnnxGraph,
  towers: StoredTowers,
  history: Value,
  source: HistorySource,
): EncodedHistory {
  const { historyEncoder, historyLength, halfLives } = towers.config;
  switch (historyEncoder) {
    case 'mean':
      return pooled(graph, towers, history, source, new RecencyWeights([Infinity], historyLength));
    case 'recency':
      return pooled(graph, towers, history, source, RecencyWeights.of(halfLives, historyLength));
    case 'transformer':
      return transformer(graph, towers, history, source);
    case 'none':
      throw new RangeError('A model without a history encoder reads no history.');
  }
}

/** Means over the items at several time scales, projected. */
function pooled(
  graph: OnnxGraph,
  towers: StoredTowers,
  history: Value,
  { items, types }: HistorySource,
  weights: RecencyWeights,
): EncodedHistory {
  const { idDim, historyLength, historyDim } = towers.config;
  const { scales } = weights;
  const embedded = lookUp(graph, weightOf(towers, 'item.id.table', [items, idDim]), idDim, history);
  // The weight of an age in a history of one item is its power alone: `[historyLength, scales]`, the newest last.
  const powers = new Float32Array(historyLength * scales);
  for (let place = 0; place < historyLength; place++) {
    for (let scale = 0; scale < scales; scale++) {
      powers[place * scales + scale] = weights.at(scale, historyLength - 1 - place, 1);
    }
  }
  const given = graph.op('Unsqueeze', [isGiven(graph, history), graph.integers([2])]);
  const shares = graph.op('Mul', [given, graph.floats(powers, [historyLength, scales])]);
  const totals = graph.op('Max', [sumOver(graph, shares, 1, true), graph.floats([1e-30], [])]);
  const normed = graph.op('Transpose', [graph.op('Div', [shares, totals])], { perm: [0, 2, 1] });
  const counted = types === undefined ? embedded : graph.op('Mul', [embedded, typeFactors(graph, towers, types)]);
  const means = graph.op('MatMul', [normed, counted]);
  const flat = graph.op('Reshape', [means, graph.integers([-1, scales * idDim])]);
  return { value: projection(graph, towers, flat, NAME, scales * idDim, historyDim), width: historyDim };
}

/** How much each entry counts by its type, `[batch, historyLength, 1]`: an unknown one finds zero, whose exponent is 1. */
function typeFactors(graph: OnnxGraph, towers: StoredTowers, { count, rows }: TypeSource): Value {
  return graph.op('Exp', [lookUp(graph, weightOf(towers, typesWeight(NAME), [count, 1]), 1, rows)]);
}

/** A causal transformer over the items' vectors, read at the newest place. */
function transformer(
  graph: OnnxGraph,
  towers: StoredTowers,
  history: Value,
  { items, itemVectors, types }: HistorySource,
): EncodedHistory {
  const { embeddingDim: dim, historyLength, historyBlocks } = towers.config;
  if (itemVectors?.length !== items * dim) throw new TypeError(`A transformer reads ${items} item vectors of ${dim}.`);
  const places = historyLength + 1;
  const vectors = lookUp(graph, itemVectors, dim, history);
  const read =
    types === undefined
      ? vectors
      : graph.op('Add', [
          vectors,
          lookUp(graph, weightOf(towers, typesWeight(NAME), [types.count, dim]), dim, types.rows),
        ]);
  const entries = graph.op('Mul', [read, graph.floats([Math.sqrt(dim)], [])]);
  // One place more in front, for the start token, which stands just before the oldest item.
  const pads = graph.integers([0, 1, 0, 0, 0, 0]);
  const padded = graph.op('Pad', [entries, pads]);
  const count = graph.op('Cast', [sumOver(graph, isGiven(graph, history), 1, true)], { to: 7 });
  const startAt = graph.op('Sub', [graph.integers([historyLength]), count]);
  const numbers = graph.integers(Array.from({ length: places }, (_, place) => place));
  const isStart = graph.op('Cast', [graph.op('Equal', [numbers, startAt])], { to: 1 });
  const start = graph.floats(weightOf(towers, `${NAME}.start`, [1, dim]), [dim]);
  const token = graph.op('Mul', [graph.op('Unsqueeze', [isStart, graph.integers([2])]), start]);
  let state = graph.op('Add', [padded, token]);
  const isBefore = graph.op('Cast', [graph.op('Less', [numbers, startAt])], { to: 1 });
  const hidden = graph.op('Mul', [isBefore, graph.floats([HIDDEN], [])]);
  const mask = graph.op('Unsqueeze', [hidden, graph.integers([1, 2])]);
  for (let i = 0; i < historyBlocks; i++) state = block(graph, towers, state, mask, `${NAME}.blocks.${i}`);
  const newest = graph.op('Gather', [state, graph.integers([historyLength], [])], { axis: 1 });
  const scale = graph.floats(weightOf(towers, `${NAME}.scale`, [dim]), [dim]);
  return { value: graph.op('Mul', [layerNorm(graph, newest), scale]), width: dim };
}

/** y = x + Attention(LN(x)), z = y + W₂·relu(W₁·LN(y) + b₁) + b₂; x `[batch, places, dim]` */
function block(graph: OnnxGraph, towers: StoredTowers, x: Value, mask: Value, name: string): Value {
  const { embeddingDim: dim, historyLength, historyHeads: heads } = towers.config;
  const places = historyLength + 1;
  const width = dim / heads;
  const layer = (input: Value, part: string): Value => namedLinear(graph, towers, input, `${name}.${part}`, dim, dim);
  const ofHeads = (value: Value): Value =>
    graph.op('Transpose', [graph.op('Reshape', [value, graph.integers([-1, places, heads, width])])], {
      perm: [0, 2, 1, 3],
    });
  const normal = layerNorm(graph, x);
  const query = ofHeads(graph.op('Div', [layer(normal, 'query'), graph.floats([Math.sqrt(width)], [])]));
  const keyWeight = graph.floats(weightOf(towers, `${name}.key.weight`, [dim, dim]), [dim, dim]);
  const key = graph.op('Transpose', [ofHeads(linear(graph, normal, keyWeight))], { perm: [0, 1, 3, 2] });
  const ages = weightOf(towers, `${name}.ages`, [heads, places]);
  const bias = graph.floats(ageBias(ages, heads, places), [heads, places, places]);
  const scores = graph.op('Add', [graph.op('Add', [graph.op('MatMul', [query, key]), bias]), mask]);
  const attention = graph.op('Softmax', [scores], { axis: -1 });
  const found = graph.op('MatMul', [attention, ofHeads(layer(normal, 'value'))]);
  const sideBySide = graph.op('Transpose', [found], { perm: [0, 2, 1, 3] });
  const values = graph.op('Reshape', [sideBySide, graph.integers([-1, places, dim])]);
  const y = graph.op('Add', [x, layer(values, 'output')]);
  const inner = graph.op('Relu', [layer(layerNorm(graph, y), 'inner')]);
  return graph.op('Add', [y, layer(inner, 'outer')]);
}

/** `[heads, places, places]`: the bias of how far back a place lies; later places are hidden. */
function ageBias(ages: Float32Array, heads: number, places: number): Float32Array {
  const bias = new Float32Array(heads * places * places).fill(HIDDEN);
  for (let head = 0; head < heads; head++) {
    for (let to = 0; to < places; to++) {
      for (let from = 0; from <= to; from++) {
        bias[(head * places + to) * places + from] = ages[head * places + to - from];
      }
    }
  }
  return bias;
}
