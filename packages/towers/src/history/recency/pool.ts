import type { RowLists } from '../../embedding/block';
import { hostKernels } from '../../native/host-kernels';
import type { RecencyWeights } from './weights';

/**
 * Writes the weighted means of each list at every time scale, side by side: `[lists, scales · dim]`.
 * Lists hold the oldest item first. An empty list gives zeros. Table `[.., dim]`.
 */
export function poolByRecency(
  table: Float32Array,
  dim: number,
  lists: RowLists,
  weights: RecencyWeights,
  out: Float32Array,
): void {
  const native = hostKernels();
  const { powers, norms, scales, length } = weights;
  if (native) native.poolLists(table, dim, lists.offsets, lists.rows, powers, norms, scales, length, out);
  else poolByRecencyPortable(table, dim, lists, weights, out);
}

/** What {@link poolByRecency} does where the native kernels are missing, and in serving, in double precision. */
export function poolByRecencyPortable(
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
