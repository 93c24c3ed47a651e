/** Thrown when a thread ended while it had calls to answer. Another thread may answer them. */
export class ThreadEndedError extends Error {
  readonly code = 'THREAD_ENDED';

  constructor(
    readonly module: string,
    options?: ErrorOptions,
  ) {
    super(`The thread of ${module} ended before it had answered; call again.`, options);
    this.name = 'ThreadEndedError';
  }
}
