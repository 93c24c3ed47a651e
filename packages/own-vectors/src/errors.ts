/** Thrown when a file of vectors or ids is readable, but is not what it is given for. */
export class OwnVectorsError extends Error {
  readonly code = 'OWN_VECTORS_INVALID';

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
    this.name = 'OwnVectorsError';
  }
}
