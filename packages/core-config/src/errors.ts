/** Thrown when an option is unknown, missing or outside its range. `path` names the option, as in `training.batchSize`. */
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
