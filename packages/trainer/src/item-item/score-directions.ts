import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '@vector-recall/random';
import type { EaseWeights } from '../evaluation/yardsticks/ease';
import { interactionMatrix, type KnownEvents } from '../evaluation/yardsticks/interaction-matrix';

/** Rounds of the iteration. What differs in the last of many directions is too weak to change an order. */
const ROUNDS = 5;

/** The scores that EASE^R gives, in fewer numbers. */
export interface ScoreDirections {
  readonly rank: number;
  /** B·V, `[known, rank]`: what having an item speaks for. */
  readonly sources: Float32Array;
  /** V, `[known, rank]`: what speaks for an item. */
  readonly targets: Float32Array;
}

/**
 * The directions V in which the scores X·B of all users differ most: the first right singular vectors, so that
 * `(X·B·V)·Vᵀ` is the nearest matrix of that rank (Eckart & Young 1936). By subspace iteration (Halko et al. 2011,
 * algorithm 4.4).
 *
 * @param known the events that the weights were fitted to
 * @param rank at most the number of items that the weights know
 * @param random where the first directions are drawn from
 */
export function scoreDirections(
  { items, values }: EaseWeights,
  known: KnownEvents,
  rank: number,
  random: RandomStream,
): ScoreDirections {
  const histories = new KnownHistories(known, items);
  const shape: [number, number] = [items.length, rank];
  const weights = tf.tensor2d(values, [items.length, items.length]);
  const valuesOf = (product: tf.Tensor): Float32Array => {
    const result = Float32Array.from(product.dataSync());
    product.dispose();
    return result;
  };
  const weigh = (columns: Float32Array): Float32Array =>
    valuesOf(tf.tidy(() => tf.matMul(weights, tf.tensor2d(columns, shape))));
  // BᵀY as (YᵀB)ᵀ: the weights may take a gigabyte, and a product with a transpose flag is slow on WASM.
  const weighBack = (columns: Float32Array): Float32Array =>
    valuesOf(tf.tidy(() => tf.transpose(tf.matMul(tf.transpose(tf.tensor2d(columns, shape)), weights))));
  try {
    const directions = Float32Array.from({ length: items.length * rank }, () => random.normal());
    orthonormalise(directions, rank);
    for (let round = 0; round < ROUNDS; round++) {
      directions.set(weighBack(histories.coOccur(weigh(directions), rank)));
      orthonormalise(directions, rank);
    }
    return { rank, sources: weigh(directions), targets: directions };
  } finally {
    weights.dispose();
  }
}

/** X, the items that each user has, in sparse form. */
class KnownHistories {
  readonly #offsets: Int32Array;
  /** Places among the known items, -1 for others. */
  readonly #places: Int32Array;

  constructor(known: KnownEvents, items: Int32Array) {
    const placeOf = new Int32Array(known.log.itemCount).fill(-1);
    items.forEach((item, place) => (placeOf[item] = place));
    const { userOffsets, userItems } = interactionMatrix(known);
    this.#offsets = userOffsets;
    this.#places = userItems.map((item) => placeOf[item]);
  }

  /** XᵀX times a matrix `[known, rank]`, without XᵀX. */
  coOccur(matrix: Float32Array, rank: number): Float32Array {
    const result = new Float32Array(matrix.length);
    const sum = new Float32Array(rank);
    for (let user = 0; user + 1 < this.#offsets.length; user++) {
      const places = this.#places.subarray(this.#offsets[user], this.#offsets[user + 1]);
      sum.fill(0);
      for (const place of places) {
        if (place >= 0) for (let i = 0; i < rank; i++) sum[i] += matrix[place * rank + i];
      }
      for (const place of places) {
        if (place >= 0) for (let i = 0; i < rank; i++) result[place * rank + i] += sum[i];
      }
    }
    return result;
  }
}

/**
 * Makes columns of `[rows, rank]` orthogonal and of length one, by the modified Gram–Schmidt process, twice over, in double
 * precision (Giraud et al. 2005: twice is enough). A column that depends on those before it becomes zero.
 */
export function orthonormalise(matrix: Float32Array, rank: number): void {
  const rows = matrix.length / rank;
  const columns = Array.from({ length: rank }, (_, i) =>
    Float64Array.from({ length: rows }, (__, row) => matrix[row * rank + i]),
  );
  columns.forEach((column, i) => {
    const before = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of columns.slice(0, i)) {
        const share = dot(other, column);
        for (let row = 0; row < rows; row++) column[row] -= share * other[row];
      }
    }
    const length = Math.sqrt(dot(column, column));
    const scale = length > before * 1e-6 ? 1 / length : 0;
    for (let row = 0; row < rows; row++) matrix[row * rank + i] = column[row] *= scale;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
