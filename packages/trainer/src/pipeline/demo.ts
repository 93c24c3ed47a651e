import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import { describeItem, type Catalogue } from '@vector-recall/model-store';
import type { DemoReport } from './summary';

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
