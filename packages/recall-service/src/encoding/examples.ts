import type { IndexSnapshot, Space } from '@vector-recall/hnsw-index';
import { firstNotFinite, isZero } from '../request/query-vector';
import type { ParsedRequest } from '../request/request-parser';

/** The most items whose vectors are read for one request, of each kind. */
export const MAX_EXAMPLES = 256;

/** What the examples of a request are read from. */
export type ExampleVectors = Pick<IndexSnapshot, 'vectorOf'>;

/**
 * What to search by where a request weighs its history or names items that the user does not want: the mean of the user's
 * vector and of the weighted mean of the history's items, `p`; with unwanted items, `2 p − n`, where `n` is their mean: the
 * average-vector strategy of Qdrant, after Rocchio (1971). Under `cosine` each vector is brought to length one first.
 *
 * @param user `[dim]`; absent where nothing is known
 * @returns `[dim]`; `undefined` where neither the user nor an item of the history is known; `cancelled` where nothing is
 * left to search by
 */
export async function withExamples(
  user: Float32Array | undefined,
  { history, weights, unwanted }: Pick<ParsedRequest, 'history' | 'weights' | 'unwanted'>,
  vectors: ExampleVectors,
  space: Space,
): Promise<Float32Array | 'cancelled' | undefined> {
  const liked = history && weights && (await meanOf(history, weights, vectors, space));
  const parts = [user && inSpace(user, space), liked].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  const disliked = unwanted && (await meanOf(unwanted, undefined, vectors, space));
  const query = Float32Array.from(parts[0], (_, d) => {
    const wanted = parts.reduce((sum, part) => sum + part[d], 0) / parts.length;
    return disliked === undefined ? wanted : 2 * wanted - disliked[d];
  });
  return firstNotFinite(query) !== -1 || (space === 'cosine' && isZero(query)) ? 'cancelled' : query;
}

/** Whether a request is searched for by more than the vector of its user. */
export function hasExamples({ weights, unwanted }: Pick<ParsedRequest, 'weights' | 'unwanted'>): boolean {
  return weights !== undefined || unwanted !== undefined;
}

/** `[dim]`; `undefined` where none of the items is there now. */
async function meanOf(
  rows: Int32Array,
  weights: Float64Array | undefined,
  vectors: ExampleVectors,
  space: Space,
): Promise<Float64Array | undefined> {
  let sums: Float64Array | undefined;
  let total = 0;
  for (const [place, row] of rows.entries()) {
    const vector = await vectors.vectorOf(row);
    if (vector === undefined) continue;
    const weight = weights === undefined ? 1 : weights[place];
    const added = inSpace(vector, space);
    sums ??= new Float64Array(added.length);
    for (let d = 0; d < added.length; d++) sums[d] += weight * added[d];
    total += weight;
  }
  return sums?.map((sum) => sum / total);
}

function inSpace(vector: Float32Array, space: Space): Float64Array {
  const values = Float64Array.from(vector);
  if (space !== 'cosine') return values;
  const length = Math.hypot(...values);
  return length > 0 ? values.map((value) => value / length) : values;
}
