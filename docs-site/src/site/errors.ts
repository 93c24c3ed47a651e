/** Thrown when the site can't be made from what the repository holds. */
export class DocsError extends Error {
  override readonly name = 'DocsError';

  constructor(
    readonly code: 'DEAD_LINK' | 'DEAD_ANCHOR' | 'REFERENCE_FAILED',
    message: string,
  ) {
    super(message);
  }
}
