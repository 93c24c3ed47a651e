import { ownNames, type FieldNames } from './request/field-names';

/** Thrown when a request has a field of the wrong type, range or length. `field` names it, and so does the message. */
export class RecallRequestError extends Error {
  readonly code = 'RECALL_REQUEST_INVALID';

  constructor(
    readonly field: string,
    /** Says what is wrong with the field, and what would be right. */
    private readonly explain: (names: FieldNames) => string,
    /** The place in the batch, from 0; absent for a single request. */
    readonly entry?: number,
  ) {
    const message = explain(ownNames);
    super(entry === undefined ? message : `Request ${entry} of the batch: ${message}`);
    this.name = 'RecallRequestError';
  }

  /** The message in the names of another contract. */
  messageIn(names: FieldNames): string {
    return this.explain(names);
  }
}

/** Thrown when the neighbours of an item are asked for that the catalogue does not hold. */
export class UnknownItemError extends Error {
  readonly code = 'RECALL_ITEM_UNKNOWN';

  constructor(readonly itemId: number | string) {
    super(`The catalogue has no item ${JSON.stringify(itemId)}; ask for one that the model was trained with.`);
    this.name = 'UnknownItemError';
  }
}

/** Thrown when standing rules are wrong whatever the model. */
export class StandingError extends Error {
  readonly code = 'RECALL_STANDING_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'StandingError';
  }
}

/** Thrown when a model can't apply the standing rules, for it lacks an attribute. It is not served then. */
export class StandingUnfitError extends Error {
  readonly code = 'RECALL_STANDING_UNFIT';

  constructor(problem: string) {
    super(`The standing filter does not fit the model: ${problem} Change the filter, or clear it.`);
    this.name = 'StandingUnfitError';
  }
}

/** Thrown when the file of standing rules can't be read or is not as it was written. */
export class StandingFileError extends Error {
  readonly code = 'RECALL_STANDING_FILE';

  constructor(
    readonly file: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StandingFileError';
  }
}

/** Thrown when a service is called after it was closed. */
export class ServiceClosedError extends Error {
  readonly code = 'RECALL_SERVICE_CLOSED';

  constructor(version: string) {
    super(`The service of version ${version} is closed; call the one that took its place.`);
    this.name = 'ServiceClosedError';
  }
}

/** Thrown when a service is made with an option outside its range. `option` names it. */
export class ServiceOptionError extends Error {
  readonly code = 'RECALL_OPTION_INVALID';

  constructor(
    readonly option: string,
    message: string,
  ) {
    super(message);
    this.name = 'ServiceOptionError';
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

/** Thrown when a version can't take over. What was in use goes on serving. `cause` is what is wrong with it. */
export class ModelRefusedError extends Error {
  readonly code = 'RECALL_MODEL_REFUSED';

  constructor(
    readonly version: string,
    override readonly cause: Error,
    /** The version that goes on serving, if there is one. */
    readonly serving?: string,
  ) {
    const goesOn = serving === undefined ? 'No version is in use.' : `The version ${serving} goes on serving.`;
    super(`The version ${version} was refused: ${cause.message} ${goesOn}`);
    this.name = 'ModelRefusedError';
  }
}

/** Thrown when a version is to be promoted where one version alone is served, and not a store. */
export class NotAStoreError extends Error {
  readonly code = 'RECALL_NOT_A_STORE';

  constructor(readonly folder: string) {
    super(`${folder} is the folder of one version; serve the store that it is part of to promote versions.`);
    this.name = 'NotAStoreError';
  }
}

/** Thrown when another version is asked for where one is served whatever is promoted. */
export class PinnedVersionError extends Error {
  readonly code = 'RECALL_VERSION_PINNED';

  constructor(readonly version: string) {
    super(`This server is to serve ${version} alone; start it with --serve stable=current to switch versions.`);
    this.name = 'PinnedVersionError';
  }
}

/** Thrown when a model is asked for after its host was closed. */
export class ModelHostClosedError extends Error {
  readonly code = 'RECALL_HOST_CLOSED';

  constructor() {
    super('The server is shutting down and loads no model any more.');
    this.name = 'ModelHostClosedError';
  }
}

/** Thrown when a version, or what is promoted, could not be read in time, as from a network file system that is gone. */
export class LoadTimeoutError extends Error {
  readonly code = 'RECALL_LOAD_TIMEOUT';

  constructor(what: string, ms: number) {
    super(`${what} could not be read within ${ms} ms; see whether its file system answers.`);
    this.name = 'LoadTimeoutError';
  }
}

/** Thrown when another version was promoted while one was being loaded. */
export class LoadSupersededError extends Error {
  readonly code = 'RECALL_LOAD_SUPERSEDED';

  constructor(version: string) {
    super(`The version ${version} was promoted in the meantime.`);
    this.name = 'LoadSupersededError';
  }
}
