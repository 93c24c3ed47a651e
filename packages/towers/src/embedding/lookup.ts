import type { BlockColumns, RowLists } from './block';

/** Copies the table rows `rows[i]` into row i of the block; a row of -1 gives zeros. Table `[.., dim]`. */
export function lookUp(table: Float32Array, dim: number, rows: Int32Array, out: BlockColumns): void {
  const { values, stride, offset } = out;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    let to = i * stride + offset;
    const end = to + dim;
    if (row < 0) {
      values.fill(0, to, end);
      continue;
    }
    for (let from = row * dim; to < end; to++, from++) values[to] = table[from];
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
    // The first row is copied and the last one scales, which saves a pass of zeros and one of divisions.
    const scale = 1 / (end - start);
    copyScaled(table, rows[start] * dim, values, base, dim, scale);
    for (let entry = start + 1; entry < end; entry++) addScaled(table, rows[entry] * dim, values, base, dim, scale);
  }
}

/** to[..dim] = from[..dim] · scale, each from its own start. */
export function copyScaled(
  from: Float32Array,
  fromStart: number,
  to: Float32Array,
  toStart: number,
  dim: number,
  scale: number,
): void {
  for (let i = fromStart, j = toStart, end = toStart + dim; j < end; i++, j++) to[j] = from[i] * scale;
}

/** to[..dim] += from[..dim] · scale, each from its own start. */
export function addScaled(
  from: Float32Array,
  fromStart: number,
  to: Float32Array,
  toStart: number,
  dim: number,
  scale: number,
): void {
  for (let i = fromStart, j = toStart, end = toStart + dim; j < end; i++, j++) to[j] += from[i] * scale;
}
