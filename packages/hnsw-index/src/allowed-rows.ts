import type { RowBits } from './vector-index';

/** The rows that are not in a set, before those that are given: for indexes that know excluded rows alone. */
export function excludingOthers(allowed: RowBits | undefined, exclude: Int32Array | undefined): Int32Array | undefined {
  if (allowed === undefined) return exclude;
  const { words, rowCount } = allowed;
  const rows = new Int32Array(rowCount - allowed.size + (exclude?.length ?? 0));
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    if (((words[row >>> 5] >>> (row & 31)) & 1) === 0) rows[count++] = row;
  }
  if (exclude !== undefined) rows.set(exclude, count);
  return rows;
}
