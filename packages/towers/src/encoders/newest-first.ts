import type { RowLists } from '../embedding/block';
import { copyRow } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';

/** Takes an absent item out of the softmax; exp of it is zero in 32 bits. */
const ABSENT = -1e9;

/**
 * Lays the newest `length` items of each list side by side, newest first, zeros behind them: `[lists · length, dim]`.
 * The mask `[lists, length]` is 0 where there is an item and very negative elsewhere. Table `[.., dim]`.
 */
export function lookUpNewestFirst(
  table: Float32Array,
  dim: number,
  length: number,
  histories: RowLists,
  out: { readonly values: Float32Array; readonly mask: Float32Array },
): void {
  const places = (histories.offsets.length - 1) * length;
  out.values.fill(0, 0, places * dim);
  out.mask.fill(ABSENT, 0, places);
  eachNewestFirst(histories, length, (row, place) => {
    out.mask[place] = 0;
    copyRow(table, row * dim, out.values, place * dim, dim);
  });
}

/** Adds the gradient of that block to the rows that it was looked up from. */
export function scatterNewestFirst(
  gradient: Float32Array,
  dim: number,
  length: number,
  histories: RowLists,
  into: RowGradients,
): void {
  eachNewestFirst(histories, length, (row, place) => {
    into.addRow(row, gradient, place * dim);
  });
}

/** Visits the items that are read: their row and their place in `[lists · length]`. */
function eachNewestFirst(
  { offsets, rows }: RowLists,
  length: number,
  visit: (row: number, place: number) => void,
): void {
  for (let list = 0; list < offsets.length - 1; list++) {
    const newest = offsets[list + 1] - 1;
    const oldest = Math.max(offsets[list], newest - length + 1);
    for (let entry = newest; entry >= oldest; entry--) visit(rows[entry], list * length + newest - entry);
  }
}
