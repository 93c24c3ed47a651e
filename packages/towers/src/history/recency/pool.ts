import type { RowLists } from '../../embedding/block';
import { hostKernels } from '../../native/host-kernels';
import type { RecencyWeights } from './weights';

/**
 * Writes the weighted means of each list at every time scale, side by side: `[lists, scales · dim]`.
 * Lists hold the oldest item first. An empty list gives zeros. Table `[.., dim]`.
 *
 * @param factors `[entries]`: by which each entry counts more or less; without them all count alike
 */
export function poolByRecency(
  table: Float32Array,
  dim: number,
  lists: RowLists,
  weights: RecencyWeights,
  out: Float32Array,
  factors?: Float32Array,
): void {
  const native = hostKernels();
  const { powers, norms, scales, length } = weights;
  if (native) native.poolLists(table, dim, lists.offsets, lists.rows, powers, norms, scales, length, out, factors);
  else poolByRecencyPortable(table, dim, lists, weights, out, factors);
}

/** What {@link poolByRecency} does where the native kernels are missing, and in serving, in double precision. */
export function poolByRecencyPortable(
  table: Float32Array,
  dim: number,
  { offsets, rows }: RowLists,
  weights: RecencyWeights,
  out: Float32Array | Float64Array,
  factors?: Float32Array,
): void {
  const { scales } = weights;
  const lists = offsets.length - 1;
  out.fill(0, 0, lists * scales * dim);
  for (let list = 0; list < lists; list++) {
    const count = offsets[list + 1] - offsets[list];
    for (let age = 0; age < count; age++) {
      const entry = offsets[list + 1] - 1 - age;
      const from = rows[entry] * dim;
      const factor = factors === undefined ? 1 : factors[entry];
      for (let scale = 0; scale < scales; scale++) {
        const weight = weights.at(scale, age, count) * factor;
        if (weight === 0) continue;
        const to = (list * scales + scale) * dim;
        for (let i = 0; i < dim; i++) out[to + i] += weight * table[from + i];
      }
    }
  }
}

/**
 * How a loss changes with the logarithm of each entry's factor, `[entries]`: the entry's row times the gradient that the
 * row gets. Arguments as of {@link poolByRecency}.
 *
 * @param gradient `[lists, scales · dim]`, of the means
 */
export function factorSlopes(
  table: Float32Array,
  dim: number,
  lists: RowLists,
  weights: RecencyWeights,
  factors: Float32Array,
  gradient: Float32Array,
): Float32Array {
  const native = hostKernels();
  const { powers, norms, scales, length } = weights;
  const { offsets, rows } = lists;
  const slopes = new Float32Array(factors.length);
  if (!native) factorSlopesPortable(table, dim, lists, weights, factors, gradient, slopes);
  else native.factorSlopes(table, dim, offsets, rows, powers, norms, scales, length, gradient, factors, slopes);
  return slopes;
}

/** What {@link factorSlopes} does where the native kernels are missing. */
export function factorSlopesPortable(
  table: Float32Array,
  dim: number,
  { offsets, rows }: RowLists,
  weights: RecencyWeights,
  factors: Float32Array,
  gradient: Float32Array,
  slopes: Float32Array,
): void {
  const { scales } = weights;
  const share = new Float32Array(dim);
  for (let list = 0; list < offsets.length - 1; list++) {
    const count = offsets[list + 1] - offsets[list];
    for (let age = 0; age < count; age++) {
      const entry = offsets[list + 1] - 1 - age;
      share.fill(0);
      for (let scale = 0; scale < scales; scale++) {
        const weight = weights.at(scale, age, count) * factors[entry];
        const from = (list * scales + scale) * dim;
        if (weight !== 0) for (let i = 0; i < dim; i++) share[i] += weight * gradient[from + i];
      }
      let slope = 0;
      for (let i = 0; i < dim; i++) slope += share[i] * table[rows[entry] * dim + i];
      slopes[entry] = slope;
    }
  }
}
