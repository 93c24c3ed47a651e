/** Thrown when the command line itself is wrong: an unknown flag, a missing value, an argument too many. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
