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
 * @param values `[dim]`, finite, and not all zero for `cosine`
 * @param entry the place in a batch, for messages
 * @throws RecallRequestError
 */
export function toQueryVector(values: ArrayLike<number>, { dim, space }: VectorShape, entry?: number): Float32Array {
  const refuse = (problem: (name: string) => string): never => {
    throw new RecallRequestError('queryVector', (names) => problem(names.of('queryVector')), entry);
  };
  if (values.length !== dim) {
    refuse((name) => `${name} has ${values.length} values, but the model's vectors have ${dim}.`);
  }
  // What is too large for float32 becomes infinite here.
  const vector = Float32Array.from(values, Number);
  const wrong = firstNotFinite(vector);
  if (wrong !== -1) {
    refuse((name) => `${name}[${wrong}] is ${String(values[wrong])}, but it must be a finite float32 number.`);
  }
  if (space === 'cosine' && isZero(vector)) {
    refuse((name) => `${name} is the zero vector, which has no direction and so no cosine.`);
  }
  return vector;
}

/** @returns -1 where all are finite */
export function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

export function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0);
}
