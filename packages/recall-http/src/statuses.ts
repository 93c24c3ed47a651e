/** A gRPC status as the Connect protocol says it (https://connectrpc.com/docs/protocol/#error-codes). */
interface ConnectStatus {
  readonly name: string;
  readonly http: number;
}

/** By the number of the gRPC status. */
const statuses: readonly ConnectStatus[] = [
  { name: 'ok', http: 200 },
  { name: 'canceled', http: 499 },
  { name: 'unknown', http: 500 },
  { name: 'invalid_argument', http: 400 },
  { name: 'deadline_exceeded', http: 504 },
  { name: 'not_found', http: 404 },
  { name: 'already_exists', http: 409 },
  { name: 'permission_denied', http: 403 },
  { name: 'resource_exhausted', http: 429 },
  { name: 'failed_precondition', http: 400 },
  { name: 'aborted', http: 409 },
  { name: 'out_of_range', http: 400 },
  { name: 'unimplemented', http: 501 },
  { name: 'internal', http: 500 },
  { name: 'unavailable', http: 503 },
  { name: 'data_loss', http: 500 },
  { name: 'unauthenticated', http: 401 },
];

/** @param code of gRPC; one that is not known is `unknown` */
export function connectStatus(code: number): ConnectStatus {
  return statuses[code] ?? statuses[2];
}

/** The names of errors, for the OpenAPI document. */
export const errorNames: readonly string[] = statuses.slice(1).map(({ name }) => name);
