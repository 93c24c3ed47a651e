import type { IdColumn } from '@vector-recall/model-store';

/** The ids of rows. A plain loop: with `Array.from` over 500 rows it would take longer than all else beside the search. */
export function idsAt(column: IdColumn, rows: Int32Array): (number | string)[] {
  const ids = new Array<number | string>(rows.length);
  for (let i = 0; i < rows.length; i++) ids[i] = column.idAt(rows[i]);
  return ids;
}

/** Lists of rows one after the other; `undefined` where all are empty or absent. */
export function concatenate(parts: readonly (Int32Array | undefined)[]): Int32Array | undefined {
  const given = parts.filter((part): part is Int32Array => part !== undefined && part.length > 0);
  if (given.length < 2) return given[0];
  const whole = new Int32Array(given.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of given) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
