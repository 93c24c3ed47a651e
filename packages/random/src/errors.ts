/** Thrown when a stream or a table is asked for draws that have no meaning: an empty range, weights that sum to zero. */
export class RandomArgumentError extends Error {
  readonly code = 'RANDOM_ARGUMENT_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'RandomArgumentError';
  }
}
