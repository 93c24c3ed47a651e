/** Thrown when a request has a field of the wrong type, range or length. `field` names it. */
export class RecallRequestError extends Error {
  readonly code = 'RECALL_REQUEST_INVALID';

  constructor(
    readonly field: string,
    message: string,
    /** The place in the batch, from 0; absent for a single request. */
    readonly entry?: number,
  ) {
    super(entry === undefined ? message : `Request ${entry} of the batch: ${message}`);
    this.name = 'RecallRequestError';
  }
}

/** Thrown when the files of an artifact are whole but were not made for one another. */
export class ArtifactMismatchError extends Error {
  readonly code = 'RECALL_ARTIFACT_MISMATCH';

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
    this.name = 'ArtifactMismatchError';
  }
}
