import type { Dataset } from '../dataset';
import { DatasetError } from '../errors';

/** The log in ids: one `[user, item, seconds]` per event, by user and time. */
export function eventsOf({ users, items, interactions }: Dataset): [number | string, number | string, number][] {
  const events: [number | string, number | string, number][] = [];
  for (let user = 0; user < interactions.userCount; user++) {
    for (let at = interactions.offsets[user]; at < interactions.offsets[user + 1]; at++) {
      const item = items.vocabulary.idAt(interactions.items[at]);
      events.push([users.vocabulary.idAt(user), item, interactions.timestamps[at]]);
    }
  }
  return events;
}

/** The tags of an item, by its id. */
export function tagsOf({ items }: Dataset, id: number | string): string[] {
  const row = items.vocabulary.rowOf(id) ?? -1;
  const { labels, offsets, values } = items.tags ?? { labels: [], offsets: new Int32Array(), values: new Int32Array() };
  return Array.from(values.subarray(offsets[row], offsets[row + 1]), (label) => labels[label]);
}

/** The category of an item, by its id; `undefined` when unknown. */
export function categoryOf({ items }: Dataset, id: number | string): string | undefined {
  const row = items.vocabulary.rowOf(id) ?? -1;
  return items.categories?.labels[items.categories.values[row]];
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<DatasetError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DatasetError) return error;
  throw new Error(`A DatasetError was expected, not ${String(error)}.`);
}
