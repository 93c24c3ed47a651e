import type { Space } from '@vector-recall/hnsw-index';
import { RecallRequestError } from '../errors';

/** What the vectors of a model are like. */
export interface VectorShape {
  readonly dim: number;
  readonly space: Space;
}

/**
 * A vector that a caller searches by, checked before it reaches an index.
 *
 * @param field what it is called in messages
 * @param values `[dim]`, finite, and not all zero for `cosine`
 * @param entry the place in a batch, for messages
 * @throws RecallRequestError
 */
export function toQueryVector(
  field: string,
  values: ArrayLike<number>,
  { dim, space }: VectorShape,
  entry?: number,
): Float32Array {
  if (values.length !== dim) {
    throw new RecallRequestError(
      field,
      `${field} has ${values.length} values, but the model's vectors have ${dim}.`,
      entry,
    );
  }
  // What is too large for float32 becomes infinite here.
  const vector = Float32Array.from(values, Number);
  const wrong = vector.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) {
    const value = String(values[wrong]);
    throw new RecallRequestError(
      field,
      `${field}[${wrong}] is ${value}, but it must be a finite float32 number.`,
      entry,
    );
  }
  if (space === 'cosine' && vector.every((value) => value === 0)) {
    throw new RecallRequestError(field, `${field} is the zero vector, which has no direction and so no cosine.`, entry);
  }
  return vector;
}
