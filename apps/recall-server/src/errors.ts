/** Thrown in the primary process when a worker reports a failure; it has the code and the sentence of the original. */
export class WorkerError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'WorkerError';
  }
}

/** Thrown when workers are asked for something and none is running. */
export class NoWorkerError extends Error {
  readonly code = 'SERVER_NO_WORKER';

  constructor() {
    super('No worker process is running at the moment; ask again in a second.');
    this.name = 'NoWorkerError';
  }
}
