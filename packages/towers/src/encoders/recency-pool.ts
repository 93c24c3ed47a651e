import type { RowLists } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import type { RecencyWeights } from './recency-weights';

/**
 * Writes the weighted means of each list at every time scale, side by side: `[lists, scales · dim]`.
 * Lists hold the oldest item first. An empty list gives zeros. Table `[.., dim]`.
 */
export function poolByRecency(
  table: Float32Array,
  dim: number,
  { offsets, rows }: RowLists,
  weights: RecencyWeights,
  out: Float32Array | Float64Array,
): void {
  const { scales } = weights;
  const lists = offsets.length - 1;
  out.fill(0, 0, lists * scales * dim);
  for (let list = 0; list < lists; list++) {
    const count = offsets[list + 1] - offsets[list];
    for (let age = 0; age < count; age++) {
      const from = rows[offsets[list + 1] - 1 - age] * dim;
      for (let scale = 0; scale < scales; scale++) {
        const weight = weights.at(scale, age, count);
        if (weight === 0) continue;
        const to = (list * scales + scale) * dim;
        for (let i = 0; i < dim; i++) out[to + i] += weight * table[from + i];
      }
    }
  }
}

/** Adds the gradient of those means, `[lists, scales · dim]`, to the rows that they were taken of. */
export function scatterByRecency(
  gradient: Float32Array,
  dim: number,
  { offsets, rows }: RowLists,
  weights: RecencyWeights,
  into: RowGradients,
): void {
  const { scales } = weights;
  const row = new Float32Array(dim);
  for (let list = 0; list < offsets.length - 1; list++) {
    const count = offsets[list + 1] - offsets[list];
    for (let age = 0; age < count; age++) {
      row.fill(0);
      for (let scale = 0; scale < scales; scale++) {
        const weight = weights.at(scale, age, count);
        if (weight === 0) continue;
        const from = (list * scales + scale) * dim;
        for (let i = 0; i < dim; i++) row[i] += weight * gradient[from + i];
      }
      into.addRow(rows[offsets[list + 1] - 1 - age], row, 0);
    }
  }
}
