import { FileError, fileErrorOf } from '@vector-recall/core-config/files';

/**
 * What is wrong with a file: `missing`; `truncated`, shorter than it was written; `damaged`, other bytes than were
 * written; `foreign`, not a file of this kind; `newer`, of a later format.
 */
export type FileFault = 'missing' | 'truncated' | 'damaged' | 'foreign' | 'older' | 'newer';

/** Thrown when a file of an artifact can't be trusted. Nothing of the artifact should be used then. */
export class ArtifactFileError extends Error {
  readonly code = 'ARTIFACT_FILE_INVALID';

  constructor(
    readonly file: string,
    readonly fault: FileFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ArtifactFileError';
  }
}

/** What to say of a file that could not be opened or read. @param cause of the system, or anything else */
export function unreadable(file: string, cause: unknown): ArtifactFileError {
  const refused = fileErrorOf(file, 'read', cause);
  const message = refused instanceof FileError ? refused.message : `${file} cannot be read; copy or write it again.`;
  return new ArtifactFileError(file, 'missing', message, { cause });
}

/** Thrown when a store in object storage can't be reached, or its address is wrong. */
export class BucketError extends Error {
  readonly code = 'STORE_BUCKET';

  constructor(
    readonly store: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BucketError';
  }
}

/** Thrown when a version was asked for that the store does not hold. */
export class UnknownVersionError extends Error {
  readonly code = 'STORE_VERSION_UNKNOWN';

  constructor(
    readonly version: string,
    message: string,
  ) {
    super(message);
    this.name = 'UnknownVersionError';
  }
}

/** Thrown when the current version was asked for and none was ever promoted. */
export class NoCurrentVersionError extends Error {
  readonly code = 'STORE_NO_CURRENT';

  constructor(readonly root: string) {
    super(`The store ${root} has no current version; train a model, or promote one of its versions.`);
    this.name = 'NoCurrentVersionError';
  }
}

/** Thrown when a rollback has no earlier promotion to go back to. */
export class NoPreviousVersionError extends Error {
  readonly code = 'STORE_NO_PREVIOUS';

  constructor(readonly root: string) {
    super(`The store ${root} has no version that was current before; promote the version that you want by name.`);
    this.name = 'NoPreviousVersionError';
  }
}

/** Thrown when metrics of two versions should be compared that were not measured on the same held-out events. */
export class VersionsNotComparableError extends Error {
  readonly code = 'STORE_VERSIONS_NOT_COMPARABLE';

  constructor(message: string) {
    super(message);
    this.name = 'VersionsNotComparableError';
  }
}

/** Thrown when a staged artifact can't be published as it is. It stays where it is. */
export class PublishError extends Error {
  readonly code = 'STORE_PUBLISH_REFUSED';

  constructor(
    readonly version: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PublishError';
  }
}

/** Thrown when the parts of a catalogue do not fit together. `part` names the one that is wrong. */
export class CatalogueError extends Error {
  readonly code = 'CATALOGUE_INVALID';

  constructor(
    readonly part: string,
    message: string,
  ) {
    super(message);
    this.name = 'CatalogueError';
  }
}
