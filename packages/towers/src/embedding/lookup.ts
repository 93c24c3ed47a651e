import { hostKernels } from '../native/host-kernels';
import type { BlockColumns, RowLists } from './block';

/** Copies the table rows `rows[i]` into row i of the block; a row of -1 gives zeros. Table `[.., dim]`. */
export function lookUp(table: Float32Array, dim: number, rows: Int32Array, out: BlockColumns): void {
  const { values, stride, offset } = out;
  const native = hostKernels();
  if (native) native.lookUp(table, dim, rows, values, stride, offset);
  else lookUpPortable(table, dim, rows, out);
}

/** What {@link lookUp} does where the native kernels are missing. */
export function lookUpPortable(table: Float32Array, dim: number, rows: Int32Array, out: BlockColumns): void {
  const { values, stride, offset } = out;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const to = i * stride + offset;
    if (row < 0) values.fill(0, to, to + dim);
    else copyRow(table, row * dim, values, to, dim);
  }
}

/**
 * Writes the mean of the table rows of list `lists[i]` into row i of the block; an empty list gives zeros.
 * `picks` names the lists to read, in order; without it list i is row i.
 */
export function lookUpMean(
  table: Float32Array,
  dim: number,
  lists: RowLists,
  out: BlockColumns,
  picks?: Int32Array,
): void {
  const native = hostKernels();
  if (native) {
    native.lookUpMean(table, dim, lists.offsets, lists.rows, picks, out.values, out.stride, out.offset);
  } else {
    lookUpMeanPortable(table, dim, lists, out, picks);
  }
}

/** What {@link lookUpMean} does where the native kernels are missing. */
export function lookUpMeanPortable(
  table: Float32Array,
  dim: number,
  lists: RowLists,
  out: BlockColumns,
  picks?: Int32Array,
): void {
  const { values, stride, offset } = out;
  const { offsets, rows } = lists;
  const count = picks?.length ?? offsets.length - 1;
  for (let i = 0; i < count; i++) {
    const list = picks?.[i] ?? i;
    const start = offsets[list];
    const end = offsets[list + 1];
    const base = i * stride + offset;
    if (end === start) {
      values.fill(0, base, base + dim);
      continue;
    }
    sumRows(table, dim, rows, start, end, values, base);
    const scale = 1 / (end - start);
    for (let to = base; to < base + dim; to++) values[to] *= scale;
  }
}

/**
 * Writes the sum of the table rows `rows[start .. end)` to `to[at .. at + dim)`.
 * Four rows at a time: their cache misses overlap, which makes a long history two times faster than row by row.
 */
function sumRows(
  table: Float32Array,
  dim: number,
  rows: Int32Array,
  start: number,
  end: number,
  to: Float32Array,
  at: number,
): void {
  to.fill(0, at, at + dim);
  let entry = start;
  for (; entry + 4 <= end; entry += 4) {
    const a = rows[entry] * dim;
    const b = rows[entry + 1] * dim;
    const c = rows[entry + 2] * dim;
    const d = rows[entry + 3] * dim;
    for (let i = 0; i < dim; i++) to[at + i] += table[a + i] + table[b + i] + (table[c + i] + table[d + i]);
  }
  for (; entry < end; entry++) addRow(table, rows[entry] * dim, to, at, dim);
}

/** to[..dim] += from[..dim], each from its own start. */
export function addRow(from: Float32Array, fromStart: number, to: Float32Array, toStart: number, dim: number): void {
  for (let i = fromStart, j = toStart, end = toStart + dim; j < end; i++, j++) to[j] += from[i];
}

/** to[..dim] = from[..dim], each from its own start. */
export function copyRow(from: Float32Array, fromStart: number, to: Float32Array, toStart: number, dim: number): void {
  for (let i = fromStart, j = toStart, end = toStart + dim; j < end; i++, j++) to[j] = from[i];
}
