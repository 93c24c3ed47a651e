import type { IdColumn } from '@vector-recall/model-store';
import { RecallRequestError } from '../errors';

/**
 * The row of an id, however it was written: callers that have text only, a command line or a URL, can't know whether
 * the log had `7` or `"7"`, and a column holds one kind only, so nothing is mistaken for another.
 */
export function resolveId(ids: IdColumn, id: number | string): number | undefined {
  if (ids.kind === 'string') return ids.rowOf(String(id));
  if (typeof id === 'number') return ids.rowOf(id);
  const value = Number(id);
  // "007", "7.0" and numbers too large for a double do not come back as they were.
  return String(value) === id ? ids.rowOf(value) : undefined;
}

/**
 * The row of an id that must be of the kind of its column, for callers that say which kind they mean.
 * @throws RecallRequestError
 */
export function resolveStrictId(ids: IdColumn, id: number | string, field: string, entry?: number): number | undefined {
  if ((typeof id === 'number') === (ids.kind === 'integer')) return ids.rowOf(id);
  const kind = ids.kind === 'integer' ? 'integers' : 'strings';
  throw new RecallRequestError(
    field,
    `${field} must hold ${kind}, as the training data did, but has ${JSON.stringify(id)}.`,
    entry,
  );
}
