import { LatencyLimit, type LatencyLimitOptions } from './latency-limit';

/** Why a call is not let in. */
export type Refusal = 'full' | 'draining';

/** An admin call may load a whole model: few at once are enough, and they take their time. */
export const adminLimit: LatencyLimitOptions = { maxUsers: 16, targetMs: 0 };

/** Counts the users that are worked on, and refuses calls past a limit or while the server drains. */
export class CallGate {
  readonly #limit: LatencyLimit;
  #users = 0;
  #draining = false;
  #idle: (() => void)[] = [];

  constructor(limit: LatencyLimitOptions) {
    this.#limit = new LatencyLimit(limit);
  }

  /** Users that are worked on now. */
  get inFlight(): number {
    return this.#users;
  }

  /** Calls are let in while fewer users than this are worked on: a batch may pass it once, by its own size. */
  get limit(): number {
    return this.#limit.users;
  }

  /** Whether a call that has come is to be refused for others that are worked on. */
  isFullForCall(): boolean {
    if (this.#users < this.limit) return false;
    this.#limit.meet();
    return true;
  }

  /** Lets one call in, as one user, or says why not. */
  enter(): Refusal | undefined {
    if (this.#draining) return 'draining';
    if (this.isFullForCall()) return 'full';
    this.#users++;
    return undefined;
  }

  /** Counts further users of a call that was let in. */
  add(users: number): void {
    this.#users += users;
  }

  /** @param begunAt when the call was let in, in milliseconds of `performance.now()` */
  leave(users: number, begunAt: number): void {
    this.#users -= users;
    const now = performance.now();
    // How long a batch takes tells more of its size than of a wait: it is never late, so that batches alone raise the limit.
    this.#limit.note(users === 1 ? begunAt : now, now);
    if (this.#users > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Lets no call in any more. @returns when the last call has left */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#users === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
