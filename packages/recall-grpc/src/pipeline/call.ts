import type { IncomingHttpHeaders } from 'node:http2';
import type { Cancellation } from '@vector-recall/recall-service';
import type { CallStatus } from '../contract/status';

/** What an answer may know of its call. */
export interface Call {
  /** Aborted when the caller has gone or the deadline has passed. */
  readonly signal: Cancellation;
  /** Says that the call is about this many users, where it is not one. */
  readonly countUsers: (users: number) => void;
  /** The id under which the caller knows the call, where it gave one. */
  readonly givenId: () => string | undefined;
}

/** How one method of a service is served. What its steps throw becomes the status of the call. */
export interface Method<Request = unknown, Response = unknown> {
  /** `Recall` */
  readonly name: string;
  /** The largest request taken, in bytes once unpacked. */
  readonly maxRequestBytes: number;
  decode(bytes: Buffer): Request;
  answer(request: Request, call: Call): Promise<Response>;
  encode(response: Response): Buffer;
  /** For a method that takes a stream of requests and answers them all at once: the answer to two runs of them. */
  readonly join?: (before: Buffer, next: Buffer) => Buffer;
}

/** What is known of a call before its request is received. */
export interface CallHead {
  readonly method: Method;
  readonly headers: IncomingHttpHeaders;
  /** In milliseconds since 1970; infinite where there is none. */
  readonly deadline: number;
}

/** How a call ends: with a response where its status is OK. */
export interface CallEnd extends CallStatus {
  readonly response?: Buffer;
  /** Told to the caller, to be quoted. */
  readonly requestId?: string;
}
