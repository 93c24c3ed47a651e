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

/** Thrown inside the package when bytes are no protobuf message; callers learn which message by a {@link WireRequestError}. */
export class MalformedMessageError extends Error {
  readonly code = 'WIRE_MESSAGE_MALFORMED';

  constructor() {
    super('The bytes are not a valid protobuf message.');
    this.name = 'MalformedMessageError';
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

/** Thrown when the installed release of grpc-js, or of Node, is not built as the server expects. */
export class TransportError extends Error {
  readonly code = 'SERVER_TRANSPORT_UNSUPPORTED';

  constructor(message: string) {
    super(message);
    this.name = 'TransportError';
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

/** Thrown when standing rules are asked for or set on a server that keeps none. */
export class StandingOffError extends Error {
  readonly code = 'STANDING_OFF';

  constructor() {
    super('This server keeps no standing rules; start it with --standing and a file for them.');
    this.name = 'StandingOffError';
  }
}

/** Thrown when changes are sent to a server whose catalogue does not change while it serves. */
export class LiveOffError extends Error {
  readonly code = 'LIVE_OFF';

  constructor() {
    super('This server takes no changes; start it with --live and a folder for them.');
    this.name = 'LiveOffError';
  }
}

/** Thrown when the folder for served answers can't be written. */
export class ServedLogError extends Error {
  readonly code = 'SERVED_LOG_UNUSABLE';

  constructor(
    readonly folder: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ServedLogError';
  }
}
