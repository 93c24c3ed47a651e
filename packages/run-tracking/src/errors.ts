/** Thrown when `--track` names no place that runs can be tracked in. */
export class TrackingTargetError extends Error {
  readonly code = 'TRACKING_TARGET';

  constructor(
    readonly target: string,
    requirement: string,
  ) {
    super(`--track is "${target}", but ${requirement}.`);
    this.name = 'TrackingTargetError';
  }
}

/** Thrown when a tracking server can't be reached or refuses a request. */
export class TrackingServerError extends Error {
  readonly code = 'TRACKING_SERVER';

  constructor(
    /** Without query and credentials. */
    readonly url: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${url} ${reason}`, options);
    this.name = 'TrackingServerError';
  }
}

/** Thrown when the Python library that a tracker calls can't be had; before anything is trained. */
export class TrackingLibraryError extends Error {
  readonly code = 'TRACKING_LIBRARY';

  private constructor(
    /** The command of the interpreter. */
    readonly python: string,
    reason: string,
  ) {
    super(`--track wandb calls the Python library wandb, but ${reason}`);
    this.name = 'TrackingLibraryError';
  }

  static ofInterpreter(python: string): TrackingLibraryError {
    return new TrackingLibraryError(
      python,
      `${python} does not start. Install Python 3 and wandb, or set VECTOR_RECALL_PYTHON to an interpreter that has wandb.`,
    );
  }

  /** @param said what Python says of the import */
  static ofLibrary(python: string, said: string): TrackingLibraryError {
    return new TrackingLibraryError(
      python,
      `${python} can't load it (${said}). Run "${python} -m pip install wandb", ` +
        'or set VECTOR_RECALL_PYTHON to an interpreter that has wandb.',
    );
  }
}

/** Thrown when the process that calls a tracker's Python library fails. */
export class TrackingProcessError extends Error {
  readonly code = 'TRACKING_PROCESS';

  /** @param said the library's own words; none where the process ended or does not answer */
  constructor(said?: string) {
    super(said === undefined ? 'its Python process ended or does not answer.' : said.replace(/\.?$/, '.'));
    this.name = 'TrackingProcessError';
  }
}
