import type { Dataset } from '../dataset';
import { DatasetError } from '../errors';
import type { Field } from '../fields';

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

/** The tags of an item in all fields of tags, by its id. */
export function tagsOf({ items }: Dataset, id: number | string): string[] {
  const row = items.vocabulary.rowOf(id) ?? -1;
  return items.fields.flatMap((field) =>
    field.kind === 'tags'
      ? Array.from(field.values.subarray(field.offsets[row], field.offsets[row + 1]), (label) => field.labels[label])
      : [],
  );
}

/** The label of an item in the first field of categories, by its id; `undefined` when unknown. */
export function categoryOf({ items }: Dataset, id: number | string): string | undefined {
  const row = items.vocabulary.rowOf(id) ?? -1;
  const category = fieldOf(items, 'category');
  return category?.labels[category.values[row]];
}

/** The first field of a kind. */
export function fieldOf<Kind extends Field['kind']>(
  { fields }: Pick<Dataset['items'], 'fields'>,
  kind: Kind,
): Extract<Field, { kind: Kind }> | undefined {
  return fields.find((field): field is Extract<Field, { kind: Kind }> => field.kind === kind);
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
