import type { ModelConfig } from '@vector-recall/core-config';
import type { RowLists } from '../embedding/block';
import { L2_EPSILON } from '../ops/epsilons';
import { itemItemWidth, type ItemItemOfItems, type ItemItemOfUsers, vectorWidth } from './weights';

/**
 * Length of the term's part of an item vector beside the tower's, whose length is one. It is the same for all items, so
 * that the order by cosine is the order by inner product.
 */
export const ITEM_LENGTH = 0.5;
/** What brings an item vector with both parts to length one. */
const ITEM_SCALE = 1 / Math.hypot(1, ITEM_LENGTH);

/**
 * Vectors of users with the term behind what the tower gives, and a zero: inner products with item vectors then order items
 * by `u·v + weight · t·f`, with u and v of the towers, t the term of the user and f that of the item.
 *
 * @param vectors `[batch, dim]`, each of length one
 * @param histories item rows of each user
 * @returns `[batch, dim + rank + 1]`, each of length one
 */
export function appendToUsers(
  vectors: Float32Array,
  dim: number,
  weights: ItemItemOfUsers,
  histories: RowLists,
): Float32Array {
  const { rank, weight } = weights;
  const terms = termsOfUsers(weights, histories);
  const batch = histories.offsets.length - 1;
  const stride = dim + itemItemWidth(weights);
  const out = new Float32Array(batch * stride);
  for (let user = 0; user < batch; user++) {
    const term = terms.subarray(user * rank, (user + 1) * rank);
    const length = term.some((value) => value !== 0) ? weight / ITEM_LENGTH : 0;
    const scale = 1 / Math.hypot(1, length);
    const start = user * stride;
    for (let i = 0; i < dim; i++) out[start + i] = vectors[user * dim + i] * scale;
    for (let i = 0; i < rank; i++) out[start + dim + i] = term[i] * length * scale;
  }
  return out;
}

/**
 * What histories speak for, `[batch, rank]`: the sums of the rows of their items, brought to length one. An empty history
 * gives zeros.
 */
export function termsOfUsers(
  { rank, users: table }: Pick<ItemItemOfUsers, 'rank' | 'users'>,
  { offsets, rows }: RowLists,
): Float64Array {
  const terms = new Float64Array((offsets.length - 1) * rank);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const sum = terms.subarray(user * rank, (user + 1) * rank);
    for (let at = offsets[user]; at < offsets[user + 1]; at++) {
      const from = rows[at] * rank;
      for (let i = 0; i < rank; i++) sum[i] += table[from + i];
    }
    const squares = squaredLength(sum);
    const scale = squares < L2_EPSILON ? 0 : 1 / Math.sqrt(squares);
    for (let i = 0; i < rank; i++) sum[i] *= scale;
  }
  return terms;
}

/**
 * Vectors of items with the term behind what the tower gives: the row of the item, and what makes that part as long as it is
 * for all others, so that cosines order as inner products do (Neyshabur & Srebro 2015, simple-LSH).
 *
 * @param vectors `[batch, dim]`, each of length one
 * @param rows `[batch]`, -1 for an item that came later
 * @returns `[batch, dim + rank + 1]`, each of length one
 */
export function appendToItems(
  vectors: Float32Array,
  dim: number,
  { rank, items: table, unknown }: ItemItemOfItems,
  rows: Int32Array,
): Float32Array {
  const stride = dim + itemItemWidth({ rank });
  const out = new Float32Array(rows.length * stride);
  rows.forEach((row, n) => {
    const vector = vectors.subarray(n * dim, (n + 1) * dim);
    const term = row < 0 ? termOf(vector, unknown, rank) : table.subarray(row * rank, (row + 1) * rank);
    const squares = squaredLength(term);
    const start = n * stride;
    for (let i = 0; i < dim; i++) out[start + i] = vector[i] * ITEM_SCALE;
    for (let i = 0; i < rank; i++) out[start + dim + i] = term[i] * ITEM_SCALE * ITEM_LENGTH;
    out[start + dim + rank] = Math.sqrt(Math.max(0, 1 - squares)) * ITEM_SCALE * ITEM_LENGTH;
  });
  return out;
}

/**
 * The row of an item that came later, of length one at most.
 * @param vector `[dim]`, of the item tower
 * @param unknown `[dim, rank]`
 */
export function termOf(vector: Float32Array, unknown: Float32Array, rank: number): Float64Array {
  const term = new Float64Array(rank);
  vector.forEach((value, from) => {
    for (let i = 0; i < rank; i++) term[i] += value * unknown[from * rank + i];
  });
  const length = Math.sqrt(squaredLength(term));
  return length > 1 ? term.map((value) => value / length) : term;
}

/** The tower's part of the vectors of all items, `[items, embeddingDim]`, as it was before {@link appendToItems}. */
export function withoutTerm(
  vectors: Float32Array,
  config: Pick<ModelConfig, 'embeddingDim' | 'itemItemDim'>,
): Float32Array {
  const [dim, width] = [config.embeddingDim, vectorWidth(config)];
  if (width === dim) return vectors;
  const rows = vectors.length / width;
  const out = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dim; i++) out[row * dim + i] = vectors[row * width + i] / ITEM_SCALE;
  }
  return out;
}

function squaredLength(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return squares;
}
