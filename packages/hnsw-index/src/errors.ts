/** Thrown when a vector, a matrix, `k` or `ef` has the wrong shape, range or values. Nothing has been changed. */
export class IndexArgumentError extends Error {
  readonly code = 'INDEX_ARGUMENT_INVALID';

  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(message);
    this.name = 'IndexArgumentError';
  }
}

/**
 * What is wrong with an index file: `missing`; `truncated`, shorter than it was written; `damaged`, other bytes than
 * were written; `foreign`, not an index of this kind; `newer`, of a later format; `outdated`, of an older one that can be made again from
 * the graph; `unwritable`, it could not be saved.
 */
export type IndexFileFault = 'missing' | 'truncated' | 'damaged' | 'foreign' | 'newer' | 'outdated' | 'unwritable';

/** Thrown when an index can't be loaded or saved. It is thrown before any byte of the file reaches native code. */
export class IndexFileError extends Error {
  readonly code = 'INDEX_FILE_INVALID';

  constructor(
    readonly file: string,
    readonly fault: IndexFileFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IndexFileError';
  }
}

/** Thrown when the native addon behind HNSW can't be loaded. Exact search works without it. */
export class IndexEngineError extends Error {
  readonly code = 'INDEX_ENGINE_UNAVAILABLE';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IndexEngineError';
  }
}

/** Thrown when a thread ended with queries that it had not answered, or when none is left to answer them. */
export class IndexThreadError extends Error {
  readonly code = 'INDEX_THREAD_ENDED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IndexThreadError';
  }
}
