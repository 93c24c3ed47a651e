/** An error with a field, as packages have them. */
export class OddNumberError extends Error {
  readonly code = 'ODD_NUMBER';

  constructor(
    readonly value: number,
    options?: ErrorOptions,
  ) {
    super(`${value} is odd.`, options);
    this.name = 'OddNumberError';
  }
}
