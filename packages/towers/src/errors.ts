/** Thrown when a backend was asked for by name and this machine or this install can't provide it. */
export class BackendUnavailableError extends Error {
  readonly code = 'TOWERS_BACKEND_UNAVAILABLE';

  constructor(
    readonly backend: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BackendUnavailableError';
  }
}

/** Thrown when a precision was asked for by name and this machine, this install or the backend can't provide it. */
export class PrecisionUnavailableError extends Error {
  readonly code = 'TOWERS_PRECISION_UNAVAILABLE';

  constructor(
    readonly precision: string,
    message: string,
  ) {
    super(message);
    this.name = 'PrecisionUnavailableError';
  }
}

/** Thrown when a tower input has the wrong length, an index outside its range or a value that is not finite. */
export class TowerInputError extends Error {
  readonly code = 'TOWERS_INPUT_INVALID';

  constructor(
    readonly input: string,
    message: string,
  ) {
    super(message);
    this.name = 'TowerInputError';
  }
}

/** Thrown when a weight file is cut short, is not a safetensors file, or does not fit the model it is loaded into. */
export class WeightFileError extends Error {
  readonly code = 'TOWERS_WEIGHT_FILE_INVALID';

  constructor(
    readonly file: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'WeightFileError';
  }
}
