import { WireRequestError } from '../errors';

/** Milliseconds by the unit letters of gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The longest time that a timer of Node's takes, 24.8 days: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * When a call has to be answered, in milliseconds since 1970.
 * @param timeout the header `grpc-timeout`: up to eight digits and a unit, `1500m`
 * @returns infinity where there is none
 * @throws WireRequestError
 */
export function deadlineOf(timeout: string | undefined, now = Date.now()): number {
  if (timeout === undefined) return Infinity;
  const match = /^(\d{1,8})([HMSmun])$/.exec(timeout);
  if (match === null) {
    const form = 'up to 8 digits and one of H, M, S, m, u and n';
    throw new WireRequestError('grpc-timeout', `grpc-timeout is ${JSON.stringify(timeout)}, but it must be ${form}.`);
  }
  return now + Number(match[1]) * unitMs[match[2]];
}

/** Calls back at the deadline; not at all where it is further off than any timer reaches. */
export function atDeadline(deadline: number, callBack: () => void): NodeJS.Timeout | undefined {
  const ms = deadline - Date.now();
  return ms > LONGEST_TIMER_MS ? undefined : setTimeout(callBack, Math.max(0, ms));
}
