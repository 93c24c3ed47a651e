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

/** Thrown when Ctrl-C stopped a command that leaves nothing behind to continue from. */
export class InterruptedError extends Error {
  readonly code = 'INTERRUPTED';

  constructor() {
    super('Interrupted; nothing was changed.');
    this.name = 'InterruptedError';
  }
}
