/** Thrown when a change can't be made as it is given. Nothing of its request has been written. */
export class LiveChangeError extends Error {
  readonly code = 'LIVE_CHANGE_INVALID';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'LiveChangeError';
  }
}

/**
 * What is wrong with a log of changes: `damaged`, other bytes than were acknowledged; `truncated`, shorter than what was
 * acknowledged; `foreign`, no such log; `newer`, of a later format; `unreadable`, the system can't read it.
 */
export type LiveLogFault = 'damaged' | 'truncated' | 'foreign' | 'newer' | 'unreadable';

/** Thrown when a log can't be opened. It is left as it is. */
export class LiveLogError extends Error {
  readonly code = 'LIVE_LOG_INVALID';

  constructor(
    readonly file: string,
    readonly fault: LiveLogFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LiveLogError';
  }
}

/** Thrown when another process writes the changes of a folder, or a folder can't be written. */
export class LiveFolderError extends Error {
  readonly code = 'LIVE_FOLDER_UNUSABLE';

  constructor(
    readonly folder: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LiveFolderError';
  }
}

/** Thrown when a change could not be made durable, so that it is not acknowledged and not applied. */
export class LiveWriteError extends Error {
  readonly code = 'LIVE_WRITE_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LiveWriteError';
  }
}
