import * as tf from '@tensorflow/tfjs';
import { ageBias } from './age-bias';
import { dense } from './dense';
import { differentiable } from './differentiable';
import { type Dropout, dropped, keptScale, keptUnits } from './dropout';
import { LAYER_NORM_EPSILON } from './epsilons';
import { layerNorm } from './layer-norm';
import { hasFusedOps, runNativeMultiple } from './native-op';
import { bfloat16 } from './precision';
import { relu } from './relu';
import { pickRows, placeRows } from './rows';

/** Weights `[d, d]` that are applied as x·W, and biases `[d]`. */
export interface BlockWeights {
  readonly query: tf.Tensor2D;
  readonly queryBias: tf.Tensor1D;
  readonly key: tf.Tensor2D;
  readonly value: tf.Tensor2D;
  readonly valueBias: tf.Tensor1D;
  readonly output: tf.Tensor2D;
  readonly outputBias: tf.Tensor1D;
  readonly inner: tf.Tensor2D;
  readonly innerBias: tf.Tensor1D;
  readonly outer: tf.Tensor2D;
  readonly outerBias: tf.Tensor1D;
  /** `[heads, ages]`: added to the scores of a head by how far back a place is. */
  readonly ages: tf.Tensor2D;
}

/** Each of `[rows, d]`; all of them or none. */
export interface BlockDropout {
  readonly attended?: Dropout;
  readonly inner?: Dropout;
  readonly outer?: Dropout;
}

/**
 * A pre-norm block of a causal transformer over sequences that lie one after the other:
 *
 *     y = x + Attention(LN(x)),  z = y + W₂·relu(W₁·LN(y) + b₁) + b₂
 *
 * @param x `[rows, d]`, the oldest place of each sequence first
 * @param offsets `[sequences + 1]`: sequence s is the rows `offsets[s]` to `offsets[s + 1] - 1`, at most `ages` of them
 * @returns of the shape of x
 */
export function transformerBlock(
  x: tf.Tensor2D,
  offsets: Int32Array,
  weights: BlockWeights,
  dropout: BlockDropout = {},
): tf.Tensor2D {
  return hasFusedOps() ? fused(x, offsets, weights, dropout) : portable(x, offsets, weights, dropout);
}

function fused(x: tf.Tensor2D, offsets: Int32Array, weights: BlockWeights, dropout: BlockDropout): tf.Tensor2D {
  const { query, queryBias, key, value, valueBias, output, outputBias, inner, innerBias, outer, outerBias, ages } =
    weights;
  // In the order of sequence_ops.cc.
  const ordered = [query, queryBias, key, value, valueBias, output, outputBias, inner, innerBias, outer, outerBias, ages]; // prettier-ignore
  const scalars = (): tf.Tensor[] => [
    tf.scalar(keptScale(dropout.attended)),
    tf.scalar(LAYER_NORM_EPSILON),
    bfloat16(),
  ];
  return differentiable([x, ...ordered], () => {
    const masks = [dropout.attended, dropout.inner, dropout.outer].map(keptUnits);
    const lists = [tf.tensor1d(offsets, 'int32'), ...masks];
    const [z, kept] = runNativeMultiple('VectorRecallTransformerBlock', [], [x, ...lists, ...scalars(), ...ordered], 2);
    return {
      value: z as tf.Tensor2D,
      saved: [kept, ...lists, ...ordered],
      gradient: (dy, saved) =>
        runNativeMultiple(
          'VectorRecallTransformerBlockGradient',
          [],
          [dy, ...saved.slice(0, lists.length + 1), ...scalars(), ...saved.slice(lists.length + 1)],
          ordered.length + 1,
        ),
    };
  });
}

function portable(x: tf.Tensor2D, offsets: Int32Array, weights: BlockWeights, dropout: BlockDropout): tf.Tensor2D {
  const attended = dense(attend(layerNorm(x), offsets, weights), weights.output, weights.outputBias);
  const y: tf.Tensor2D = tf.add(x, dropped(attended, dropout.attended));
  const inner = dropped(relu(dense(layerNorm(y), weights.inner, weights.innerBias)), dropout.inner);
  return tf.add(y, dropped(dense(inner, weights.outer, weights.outerBias), dropout.outer));
}

/** x `[rows, d]` → the values of all heads side by side, of the same shape; sequences are padded to the longest. */
function attend(x: tf.Tensor2D, offsets: Int32Array, weights: BlockWeights): tf.Tensor2D {
  const [, dim] = x.shape;
  const [heads] = weights.ages.shape;
  const width = dim / heads;
  const { places, count, length } = padding(offsets);
  // What lies behind the end of a sequence is seen by no earlier place.
  const ofHeads = (rows: tf.Tensor2D): tf.Tensor4D => {
    const padded = tf.reshape<tf.Rank.R4>(placeRows(rows, places, count * length), [count, length, heads, width]);
    return tf.transpose<tf.Tensor4D>(padded, [0, 2, 1, 3]);
  };
  const query = ofHeads(tf.mul(dense(x, weights.query, weights.queryBias), 1 / Math.sqrt(width)));
  const scores: tf.Tensor4D = tf.matMul(query, ofHeads(dense(x, weights.key)), false, true);
  const attention = tf.softmax(tf.add<tf.Tensor4D>(scores, ageBias(weights.ages, length)));
  const values: tf.Tensor4D = tf.matMul(attention, ofHeads(dense(x, weights.value, weights.valueBias)));
  return pickRows(tf.reshape(tf.transpose(values, [0, 2, 1, 3]), [count * length, dim]), places);
}

/** Where rows lie once every sequence is as long as the longest. */
function padding(offsets: Int32Array): { places: Int32Array; count: number; length: number } {
  const count = offsets.length - 1;
  let length = 0;
  for (let s = 0; s < count; s++) length = Math.max(length, offsets[s + 1] - offsets[s]);
  const places = new Int32Array(offsets[count]);
  for (let s = 0; s < count; s++) {
    for (let at = offsets[s]; at < offsets[s + 1]; at++) places[at] = s * length + at - offsets[s];
  }
  return { places, count, length };
}
