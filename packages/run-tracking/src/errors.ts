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
