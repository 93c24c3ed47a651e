import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import { describeItem, type Catalogue } from '@vector-recall/model-store';
import type { DemoReport } from './summary';

const LIST_LENGTH = 20;

/** Of users beside the first: their lists stand side by side. */
const SHORT_LIST = 10;
const SHOWN_HISTORY = 10;

/** A history that tells something about its user. */
const TELLING_HISTORY = 5;

/** Histories of other users that are shown: a short, a usual and a long one. */
const LENGTHS = [0.1, 0.5, 0.9];

export interface Demonstration {
  readonly demo: DemoReport;
  readonly demos: readonly DemoReport[];
}

/** What the first user with a telling history would get, and others with a short, a usual and a long one. */
export async function demonstrate(
  catalogue: Catalogue,
  index: ConcurrentIndex,
  userVectors: Float32Array,
): Promise<Demonstration> {
  const telling = tellingUsers(catalogue);
  const first = telling.at(0) ?? 0;
  const others = usersByLength(
    catalogue,
    telling.filter((user) => user !== first),
  );
  const demos: DemoReport[] = [];
  for (const user of others) demos.push(await recommendTo(user, SHORT_LIST, catalogue, index, userVectors));
  return { demo: await recommendTo(first, LIST_LENGTH, catalogue, index, userVectors), demos };
}

/** Candidates without what the user has. */
async function recommendTo(
  user: number,
  k: number,
  catalogue: Catalogue,
  index: ConcurrentIndex,
  userVectors: Float32Array,
): Promise<DemoReport> {
  const { offsets, items } = catalogue.history;
  const history = items.subarray(offsets[user], offsets[user + 1]);
  const vector = userVectors.subarray(user * index.dim, (user + 1) * index.dim);
  const [{ labels, scores }] = await index.searchMany([{ vector, k, exclude: history }]);
  return {
    userId: catalogue.userIds.idAt(user),
    history: Array.from(history.subarray(-SHOWN_HISTORY), (row) => describeItem(catalogue, row)),
    items: Array.from(labels, (row, place) => ({ ...describeItem(catalogue, row), score: scores[place] })),
  };
}

/** Rows of the users whose history tells something about them. */
function tellingUsers({ userIds, history: { offsets } }: Catalogue): Int32Array {
  return Int32Array.from({ length: userIds.size }, (_, user) => user).filter(
    (user) => offsets[user + 1] - offsets[user] >= TELLING_HISTORY,
  );
}

/** Users at places of the order by the length of their histories, each once. */
function usersByLength({ history: { offsets } }: Catalogue, users: Int32Array): readonly number[] {
  const lengthOf = (user: number): number => offsets[user + 1] - offsets[user];
  const ordered = users.slice().sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const places = LENGTHS.map((share) => Math.floor(share * ordered.length));
  return [...new Set(places)].flatMap((place) => (place < ordered.length ? [ordered[place]] : []));
}
