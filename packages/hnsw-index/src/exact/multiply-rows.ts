import { availableParallelism } from 'node:os';
import { findAddon } from '../native/addon';

/**
 * The inner product of every query with every vector, by the native engine and on all threads. Equal vectors get equal
 * ones.
 *
 * @param vectors `[count, dim]`
 * @param queries `[n, dim]`
 * @param products `[n, count]`, written
 * @returns false where there is no native engine; nothing was written then
 */
export function multiplyRows(
  vectors: Float32Array,
  dim: number,
  queries: Float32Array,
  products: Float32Array,
): boolean {
  const addon = findAddon();
  if (addon === undefined) return false;
  addon.multiplyRows(vectors, dim, queries, availableParallelism(), addon.listKernels()[0], products);
  return true;
}
