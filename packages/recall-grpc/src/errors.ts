/** Thrown when a request on the wire can't be decoded or has a field out of range. `field` is its name in the contract. */
export class WireRequestError extends Error {
  readonly code = 'WIRE_REQUEST_INVALID';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'WireRequestError';
  }
}

/** Thrown when a call needs a model and none is loaded yet. */
export class ModelNotLoadedError extends Error {
  readonly code = 'MODEL_NOT_LOADED';

  constructor() {
    super('No model is loaded yet; try again soon.');
    this.name = 'ModelNotLoadedError';
  }
}

/** Thrown when a server can't listen where it should. */
export class ListenError extends Error {
  readonly code = 'SERVER_CANNOT_LISTEN';

  constructor(
    readonly address: string,
    message: string,
  ) {
    super(message);
    this.name = 'ListenError';
  }
}

/** Thrown when a file of certificates, keys or tokens is missing or of no use. */
export class SecretFileError extends Error {
  readonly code = 'SECRET_FILE_INVALID';

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
    this.name = 'SecretFileError';
  }
}

/** A property of an error of node's, such as its `code`. */
export function wordOf(error: unknown, key: 'code' | 'reason'): string | undefined {
  // Not by `instanceof`: under jest, node's own errors are made of another class than that of the test.
  const properties: Readonly<Record<string, unknown>> = typeof error === 'object' && error !== null ? { ...error } : {};
  const value = properties[key];
  return typeof value === 'string' ? value : undefined;
}
