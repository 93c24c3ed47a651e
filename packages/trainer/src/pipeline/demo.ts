import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import type { Catalogue } from '@vector-recall/model-store';
import type { DemoItem, DemoReport } from './summary';

const LIST_LENGTH = 20;
const SHOWN_HISTORY = 10;

/** A history that tells something about its user. */
const TELLING_HISTORY = 5;

/** What the first user with a telling history would get, without what they have. */
export async function demonstrate(
  catalogue: Catalogue,
  index: ConcurrentIndex,
  userVectors: Float32Array,
): Promise<DemoReport> {
  const user = firstTellingUser(catalogue);
  const { offsets, items } = catalogue.history;
  const history = items.subarray(offsets[user], offsets[user + 1]);
  const vector = userVectors.subarray(user * index.dim, (user + 1) * index.dim);
  const [{ labels, scores }] = await index.searchMany([{ vector, k: LIST_LENGTH, exclude: history }]);
  return {
    userId: catalogue.userIds.idAt(user),
    history: Array.from(history.subarray(-SHOWN_HISTORY), (row) => describeItem(catalogue, row)),
    items: Array.from(labels, (row, place) => ({ ...describeItem(catalogue, row), score: scores[place] })),
  };
}

function firstTellingUser({ userIds, history }: Catalogue): number {
  for (let user = 0; user < userIds.size; user++) {
    if (history.offsets[user + 1] - history.offsets[user] >= TELLING_HISTORY) return user;
  }
  return 0;
}

/** An item as a person sees it. */
export function describeItem({ itemIds, names, categories, tags }: Catalogue, row: number): DemoItem {
  const name = names?.at(row);
  const category = categories?.values[row] ?? -1;
  return {
    id: itemIds.idAt(row),
    ...(name ? { name } : {}),
    ...(categories !== undefined && category >= 0 ? { category: categories.labels[category] } : {}),
    ...(tags === undefined
      ? {}
      : {
          tags: Array.from(tags.values.subarray(tags.offsets[row], tags.offsets[row + 1]), (tag) => tags.labels[tag]),
        }),
  };
}
