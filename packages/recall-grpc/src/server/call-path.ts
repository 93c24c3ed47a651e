import { randomUUID } from 'node:crypto';
import { status, type handleUnaryCall, type Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import type { Cancellation } from '@vector-recall/recall-service';
import type { Logger } from 'pino';
import type { ServerMetrics } from '../observe/metrics';
import { givenRequestId, requestIdTrailers } from '../observe/request-id';
import { endCallSpan, startCallSpan } from '../observe/tracing';
import type { TokenGuard } from '../security/tokens';
import type { CallGate } from './call-gate';
import { CallSignal } from './call-signal';
import { statusOf, type CallStatus } from './status';

/** What an answer may know of its call. */
export interface Call {
  /** Aborted when the caller has gone or the deadline has passed. */
  readonly signal: Cancellation;
  /** Says that the call is about this many users, where it is not one. */
  readonly countUsers: (users: number) => void;
}

/** Turns the bytes of a request into those of its response. What it throws becomes the status of the call. */
export type Answer = (bytes: Buffer, call: Call) => Promise<Buffer>;

export interface CallPathOptions {
  /** Full name of the service, `recall.v1.RecallService`. */
  readonly service: string;
  readonly gate: CallGate;
  /** Absent where all calls are let in. */
  readonly tokens: TokenGuard | undefined;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
}

type RawCall = ServerUnaryCall<Buffer, Buffer>;
/** The response, or why there is none. */
type Outcome = Buffer | (CallStatus & { readonly cause?: unknown });

const unauthenticated: CallStatus = {
  code: status.UNAUTHENTICATED,
  details: 'Send a token that this server knows, as the metadata "authorization: Bearer TOKEN".',
};
const late: CallStatus = { code: status.DEADLINE_EXCEEDED, details: 'The deadline has passed.' };
const cancelled: CallStatus = { code: status.CANCELLED, details: 'The caller has gone.' };
const refusals = {
  full: {
    code: status.RESOURCE_EXHAUSTED,
    details: 'The server works on as many users as it can in time (latency-target, max-in-flight); try again later.',
  },
  draining: { code: status.UNAVAILABLE, details: 'The server is stopping; call another one.' },
} as const satisfies Record<string, CallStatus>;

/**
 * The way of every call: let in or refused, answered, counted. A call is refused before its request is decoded, so that
 * a server in an overload spends next to nothing on what it can't do.
 */
export class CallPath {
  constructor(private readonly options: CallPathOptions) {}

  handler(method: string, answer: Answer): handleUnaryCall<Buffer, Buffer> {
    return (call, respond) => {
      const start = performance.now();
      const span = startCallSpan(this.options.service, method, call.metadata);
      const end = (outcome: Outcome): void => {
        const code = 'code' in outcome ? outcome.code : status.OK;
        const ms = performance.now() - start;
        this.options.metrics.countCall(method, code, ms / 1000);
        endCallSpan(span, code);
        this.#respond(outcome, call.metadata, respond, { method, code: status[code], ms });
      };
      const refusal = this.#refusalOf(call);
      if (refusal !== undefined) end(refusal);
      else void this.#run(answer, call, start).then(end);
    };
  }

  /** Refuses a call that has only just begun, while no more are let in; it is counted as any other. */
  refuseEarly(method: string): CallStatus | undefined {
    const { gate, metrics, logger } = this.options;
    if (!gate.isFullForCall()) return undefined;
    const { code } = refusals.full;
    metrics.countCall(method, code, 0);
    if (logger.isLevelEnabled('debug')) logger.debug({ method, code: status[code], ms: 0 }, 'call');
    return refusals.full;
  }

  #refusalOf(call: RawCall): CallStatus | undefined {
    const { tokens, gate } = this.options;
    if (tokens?.admits(call.metadata) === false) return unauthenticated;
    if (isLate(call)) return late;
    const refusal = gate.enter();
    return refusal && refusals[refusal];
  }

  /** Answers a call that was let in. Never rejects. */
  async #run(answer: Answer, call: RawCall, start: number): Promise<Outcome> {
    const { gate } = this.options;
    const signal = new CallSignal();
    let users = 1;
    let running = true;
    // grpc-js says this of every call in the end, also of those that were answered.
    call.on('cancelled', () => {
      if (running) signal.abort();
    });
    const countUsers = (count: number): void => {
      gate.add(count - users);
      users = count;
    };
    try {
      const response = await answer(call.request, { signal, countUsers });
      return signal.aborted ? endOf(call) : response;
    } catch (error) {
      return signal.aborted ? endOf(call) : { ...statusOf(error), cause: error };
    } finally {
      running = false;
      gate.leave(users, start);
    }
  }

  #respond(outcome: Outcome, metadata: Metadata, respond: sendUnaryData<Buffer>, line: object): void {
    const { logger } = this.options;
    const failed = 'code' in outcome;
    // A caller that failed should have something to quote; of what was shed in an overload there is nothing to tell.
    const quotable = failed && outcome.code !== status.RESOURCE_EXHAUSTED;
    const requestId = givenRequestId(metadata) ?? (quotable ? randomUUID() : undefined);
    const trailers = requestId === undefined ? undefined : requestIdTrailers(requestId);
    if (failed) {
      const { code, details, cause } = outcome;
      respond({ code, details, metadata: trailers });
      if (code === status.INTERNAL) logger.error({ requestId, ...line, err: cause }, 'call failed');
    } else {
      respond(null, outcome, trailers);
    }
    if (logger.isLevelEnabled('debug')) logger.debug({ requestId, ...line }, 'call');
  }
}

function isLate(call: RawCall): boolean {
  return Number(call.getDeadline()) <= Date.now();
}

function endOf(call: RawCall): CallStatus {
  return isLate(call) ? late : cancelled;
}
