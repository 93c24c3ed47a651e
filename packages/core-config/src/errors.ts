/**
 * Thrown when an option is unknown, of the wrong type or outside its range, wherever it was given.
 * `path` names the option (`training.batchSize`), or what was given when there is no such option.
 */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';

  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** Thrown when a config file can't be read, or isn't valid YAML or JSON. `line` counts from 1. */
export class ConfigFileError extends Error {
  readonly code = 'CONFIG_FILE_INVALID';

  constructor(
    readonly file: string,
    message: string,
    readonly line?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ConfigFileError';
  }
}

/** Thrown when a file can be read, but does not hold what it was given for. `line` counts from 1. */
export class FileContentError extends Error {
  readonly code = 'FILE_CONTENT_INVALID';

  constructor(
    readonly file: string,
    message: string,
    options?: ErrorOptions & { readonly line?: number },
  ) {
    super(message, options);
    this.name = 'FileContentError';
    this.line = options?.line;
  }

  readonly line?: number;
}
