import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { statusOf, type CallStatus } from '../contract/status';
import type { ServerMetrics } from '../observe/metrics';
import { givenRequestId } from '../observe/request-id';
import { endCallSpan, startCallSpan } from '../observe/tracing';
import { covers, type Role, type TokenGuard } from '../security/tokens';
import type { CallEnd, CallHead } from './call';
import type { CallGate } from './call-gate';
import { CallSignal } from './call-signal';

export interface PipelineOptions {
  /** Full name of the service, `recall.v1.RecallService`. */
  readonly service: string;
  readonly gate: CallGate;
  /** Absent where all calls are let in. */
  readonly tokens: TokenGuard | undefined;
  /** What the bearer of a token must be allowed to do; default `read`. Without tokens, `admin` is refused to everyone. */
  readonly role?: Role;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
}

/** A response, or why there is none. */
type Outcome = CallStatus & { readonly response?: Buffer; readonly cause?: unknown };

const unauthenticated: CallStatus = {
  code: status.UNAUTHENTICATED,
  details: 'Send a token that this server knows, as the metadata "authorization: Bearer TOKEN".',
};
const withoutTokens: CallStatus = {
  code: status.PERMISSION_DENIED,
  details: 'Versions are promoted by token alone, and this server has none; start it with --token-file.',
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
 * What every call goes through, in this order:
 *
 *     authenticate → deadline → admit     by its headers alone, before its request is received: `judge`
 *     admit → decode → answer → encode    once its request is there: `run`
 *
 * So a stranger sends nothing that is kept, and a server in an overload spends next to nothing on what it can't do.
 * However a call ends, it is counted, logged and traced here.
 */
export class Pipeline {
  constructor(private readonly options: PipelineOptions) {}

  /** How a call ends that is refused for its headers; `undefined` where its request may come. */
  judge(head: CallHead): CallEnd | undefined {
    const refusal = this.authenticate(head.headers) ?? deadline(head) ?? this.#admissible();
    return refusal && this.fail(head, refusal);
  }

  /**
   * Answers a call whose request has been received. Never rejects.
   * @param signal ends the work when the caller has gone or the deadline has passed
   */
  async run(head: CallHead, bytes: Buffer, signal: CallSignal): Promise<CallEnd> {
    const { service, gate } = this.options;
    const { method } = head;
    const begunAt = performance.now();
    const span = startCallSpan(service, method.name, head.headers);
    let users = 1;
    const countUsers = (count: number): void => {
      gate.add(count - users);
      users = count;
    };
    const givenId = (): string | undefined => givenRequestId(head.headers);
    let outcome: Outcome | undefined = deadline(head) ?? this.#admit();
    if (outcome === undefined) {
      try {
        const request = method.decode(bytes);
        const response = await method.answer(request, { signal, countUsers, givenId });
        outcome = signal.aborted ? endOf(head) : { ...ok, response: method.encode(response) };
      } catch (error) {
        outcome = signal.aborted ? endOf(head) : { ...statusOf(error), cause: error };
      } finally {
        gate.leave(users, begunAt);
      }
    }
    endCallSpan(span, outcome.code);
    return this.#end(head, outcome, performance.now() - begunAt);
  }

  /** How a call ends whose request was not received: it is counted as any other. */
  fail(head: CallHead, outcome: CallStatus): CallEnd {
    return this.#end(head, outcome, 0);
  }

  /** Why a call is refused for its token, if it is; also asked of calls that other parts of the server answer. */
  authenticate(headers: IncomingHttpHeaders): CallStatus | undefined {
    const { tokens, role: needed = 'read' } = this.options;
    if (tokens === undefined) return needed === 'admin' ? withoutTokens : undefined;
    const role = tokens.roleOf(headers.authorization);
    if (role === undefined) return unauthenticated;
    return covers(role, needed) ? undefined : forbidden(role, needed);
  }

  #admissible(): CallStatus | undefined {
    const refusal = this.options.gate.refusal();
    return refusal && refusals[refusal];
  }

  #admit(): CallStatus | undefined {
    const refusal = this.options.gate.enter();
    return refusal && refusals[refusal];
  }

  #end({ method, headers }: CallHead, { code, details, response, cause }: Outcome, ms: number): CallEnd {
    const { logger, metrics } = this.options;
    metrics.countCall(method.name, code, ms / 1000);
    // A caller that failed should have something to quote; of what was shed in an overload there is nothing to tell.
    const isQuotable = code !== status.OK && code !== status.RESOURCE_EXHAUSTED;
    const requestId = givenRequestId(headers) ?? (isQuotable ? randomUUID() : undefined);
    const isFault = code === status.INTERNAL;
    if (isFault || logger.isLevelEnabled('debug')) {
      const line = { requestId, method: method.name, code: status[code], ms };
      if (isFault) logger.error({ ...line, err: cause }, 'call failed');
      logger.debug(line, 'call');
    }
    return { code, details, response, requestId };
  }
}

function forbidden(role: Role, needed: Role): CallStatus {
  const allowed = role === 'read' ? 'may only read' : 'may not promote versions';
  const details = `This token ${allowed}; send one that the server lists as "${needed}:TOKEN".`;
  return { code: status.PERMISSION_DENIED, details };
}

const ok: CallStatus = { code: status.OK, details: '' };

function deadline(head: CallHead): CallStatus | undefined {
  return head.deadline <= Date.now() ? late : undefined;
}

/** How a call ends whose caller waits no longer. */
function endOf(head: CallHead): CallStatus {
  return deadline(head) ?? cancelled;
}
