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
  ) {
    super(message);
    this.name = 'ConfigFileError';
  }
}
