/** Thrown when a command needs an artifact and the store has none, or not the version that was asked for. */
export class ArtifactNotFoundError extends Error {
  readonly code = 'ARTIFACT_NOT_FOUND';

  constructor(
    readonly root: string,
    readonly version?: string,
  ) {
    super(
      version === undefined
        ? `There is no artifact in ${root} yet; vector-recall train --output ${root} makes one.`
        : `There is no version ${version} in ${root}; vector-recall doctor --output ${root} lists those there are.`,
    );
    this.name = 'ArtifactNotFoundError';
  }
}

/** Thrown when the file that should hold a bearer token can't be read. */
export class TokenFileError extends Error {
  readonly code = 'TOKEN_FILE_UNREADABLE';

  constructor(
    readonly file: string,
    options?: ErrorOptions,
  ) {
    super(`${file} can't be read; give --token-file a file that holds one token.`, options);
    this.name = 'TokenFileError';
  }
}

/** Thrown when Ctrl-C stopped a command that leaves nothing behind to continue from. */
export class InterruptedError extends Error {
  readonly code = 'INTERRUPTED';

  constructor() {
    super('Interrupted; nothing was changed.');
    this.name = 'InterruptedError';
  }
}
