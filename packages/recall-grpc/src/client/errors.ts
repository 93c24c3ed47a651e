import { status } from '@grpc/grpc-js';

/** Thrown when a call, or an entry of a batch, was not answered. */
export class RecallCallError extends Error {
  readonly code = 'RECALL_CALL_FAILED';

  constructor(
    /** Name of the gRPC status, `INVALID_ARGUMENT`. */
    readonly status: string,
    /** What the server says. */
    readonly details: string,
    /** Under which the server's log has the call, if it said so. */
    readonly requestId?: string,
  ) {
    super(`${status}: ${details}`);
    this.name = 'RecallCallError';
  }

  static of(code: number, details: string, requestId?: string): RecallCallError {
    return new RecallCallError(status[code] ?? `STATUS_${code}`, details, requestId);
  }
}

/** Thrown before a call is made, for a request that the wire can't carry. `field` names what is wrong. */
export class ClientRequestError extends Error {
  readonly code = 'RECALL_CLIENT_REQUEST_INVALID';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'ClientRequestError';
  }
}
