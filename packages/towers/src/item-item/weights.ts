import type { ModelConfig } from '@vector-recall/core-config';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import type { NamedTensor } from '../persistence/safetensors-header';

/**
 * Which items go together, in two tables whose inner products say so: `Σ users[i] · items[j]` over the items i of a history
 * speaks for item j. It is fitted beside the towers, and not trained with them.
 */
export interface ItemItemWeights {
  /** Columns of both tables. */
  readonly rank: number;
  /** `[items, rank]`: what having an item speaks for. */
  readonly users: Float32Array;
  /** How much the inner product of the two tables counts, where the cosine of the towers counts one. */
  readonly weight: number;
  /** `[items, rank]`: what speaks for an item; rows of length one at most. */
  readonly items: Float32Array;
  /** `[embeddingDim, rank]`: the row of an item that came later, times the vector of the item tower. */
  readonly unknown: Float32Array;
}

/** The part that the user tower reads. */
export type ItemItemOfUsers = Pick<ItemItemWeights, 'rank' | 'users' | 'weight'>;

/** The part that the item tower reads. */
export type ItemItemOfItems = Pick<ItemItemWeights, 'rank' | 'items' | 'unknown'>;

const names = {
  users: 'user.itemItem.table',
  weight: 'user.itemItem.weight',
  items: 'item.itemItem.table',
  unknown: 'item.itemItem.unknown',
} as const;

/** Columns that the term takes in vectors: those of its tables, and the one that gives all items one length. */
export function itemItemWidth({ rank }: Pick<ItemItemWeights, 'rank'>): number {
  return rank + 1;
}

/** Width of the vectors of towers whose config says how wide their term is. */
export function vectorWidth({ embeddingDim, itemItemDim }: Pick<ModelConfig, 'embeddingDim' | 'itemItemDim'>): number {
  return embeddingDim + itemItemDim;
}

/** The weights by the names of the tower file. */
export function itemItemTensors({ rank, users, weight, items, unknown }: ItemItemWeights): NamedTensor[] {
  const table = (name: string, values: Float32Array): NamedTensor => ({
    name,
    shape: [values.length / rank, rank],
    values,
  });
  return [
    table(names.users, users),
    { name: names.weight, shape: [1], values: Float32Array.of(weight) },
    table(names.items, items),
    table(names.unknown, unknown),
  ];
}

/**
 * What the user tower reads of stored weights, absent where the model has no such term.
 * @throws WeightFileError where a weight is missing or of another shape
 */
export function itemItemOfUsers(towers: StoredTowers, items: number): ItemItemOfUsers | undefined {
  const rank = rankOf(towers);
  if (rank === 0) return undefined;
  const [weight] = weightOf(towers, names.weight, [1]);
  return { rank, users: weightOf(towers, names.users, [items, rank]), weight };
}

/** The same for the item tower. */
export function itemItemOfItems(towers: StoredTowers, items: number): ItemItemOfItems | undefined {
  const rank = rankOf(towers);
  if (rank === 0) return undefined;
  return {
    rank,
    items: weightOf(towers, names.items, [items, rank]),
    unknown: weightOf(towers, names.unknown, [towers.config.embeddingDim, rank]),
  };
}

function rankOf({ config }: StoredTowers): number {
  return Math.max(0, config.itemItemDim - 1);
}
