import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { RecallCallError } from './errors';
import { explainNoServer, type Destination } from './no-server';

export interface ClientCallOptions {
  /** Ends the call: it then rejects with the status CANCELLED. */
  readonly signal?: AbortSignal;
  /** Default: the client's. */
  readonly deadlineMs?: number;
}

export type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** What every call of a client has in common. */
export interface CallSettings extends ClientCallOptions, Destination {
  readonly metadata: Metadata;
  readonly deadlineMs: number;
}

/** @throws RecallCallError */
export function callUnary<Request, Response>(
  method: Method<Request, Response>,
  request: Request,
  { metadata, deadlineMs, signal, ...destination }: CallSettings,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + deadlineMs;
    const call = method(request, metadata, { deadline }, (error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error === null) resolve(response);
      else reject(failureOf(error, destination));
    });
    const cancel = (): void => {
      call.cancel();
    };
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted === true) cancel();
  });
}

export function failureOf(error: ServiceError, destination: Destination): RecallCallError {
  const details = explainNoServer(error, destination) ?? error.details;
  return RecallCallError.of(error.code, details, requestIdOf(error));
}

function requestIdOf({ metadata }: ServiceError): string | undefined {
  const [id] = metadata.get('x-request-id');
  return typeof id === 'string' ? id : undefined;
}
