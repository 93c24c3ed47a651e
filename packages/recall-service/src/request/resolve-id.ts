import type { IdColumn } from '@vector-recall/model-store';

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
