/** Rows of an id table while they are summed up from what the fields say. */
export interface RowSum {
  /** Fresh random directions, `[count, dim]`, each entry from N(0, 1). */
  directions(count: number): Float32Array;
  /** Adds `weight` times row `label` of a table of directions to a row. */
  add(row: number, table: Float32Array, label: number, weight: number): void;
}
