import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import { describeItem, type Catalogue } from '@vector-recall/model-store';
import { mostFrequentItems } from '../item-map/most-frequent-items';
import type { ItemNeighbours } from './summary';

const SHOWN_ITEMS = 5;
const NEIGHBOURS = 5;

/** The items that most events are of, and what the index holds next to them: whether it makes sense, a person can see. */
export async function neighboursOfPopular(
  catalogue: Catalogue,
  index: ConcurrentIndex,
  itemVectors: Float32Array,
): Promise<readonly ItemNeighbours[]> {
  const popular = mostFrequentItems(catalogue, SHOWN_ITEMS);
  const found = await index.searchMany(
    popular.map((row) => ({
      vector: itemVectors.subarray(row * index.dim, (row + 1) * index.dim),
      k: Math.min(NEIGHBOURS, catalogue.itemIds.size - 1),
      exclude: Int32Array.of(row),
    })),
  );
  return popular.map((row, n) => ({
    item: describeItem(catalogue, row),
    neighbours: Array.from(found[n].labels, (label, place) => ({
      ...describeItem(catalogue, label),
      score: found[n].scores[place],
    })),
  }));
}
