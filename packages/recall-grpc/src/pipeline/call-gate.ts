import { InFlight } from '@vector-recall/threads';
import { LatencyLimit, type LatencyLimitOptions } from './latency-limit';

/** Why a call is not admitted. */
export type Refusal = 'full' | 'draining';

/** An admin call may load a whole model: few at once are enough, and they take their time. */
export const adminLimit: LatencyLimitOptions = { maxUsers: 16, targetMs: 0 };

/** Calls that change the catalogue wait for the disk together: many at once cost little more than one. */
export const changeLimit: LatencyLimitOptions = { maxUsers: 1024, targetMs: 0 };

/** Counts the users that are worked on, and refuses calls past a limit or while the server drains. */
export class CallGate {
  readonly #limit: LatencyLimit;
  readonly #users = new InFlight();

  constructor(limit: LatencyLimitOptions) {
    this.#limit = new LatencyLimit(limit);
  }

  /** Users that are worked on now. */
  get inFlight(): number {
    return this.#users.count;
  }

  /** Calls are admitted while fewer users than this are worked on: a batch may pass it once, by its own size. */
  get limit(): number {
    return this.#limit.users;
  }

  /** Why a call would not be admitted now; `undefined` where it would. */
  refusal(): Refusal | undefined {
    if (this.#users.isClosed) return 'draining';
    return this.#isFull() ? 'full' : undefined;
  }

  /** Admits one call, as one user, or says why not. */
  enter(): Refusal | undefined {
    const refusal = this.refusal();
    if (refusal === undefined) this.#users.begin();
    return refusal;
  }

  /** Counts further users of a call that was admitted. */
  add(users: number): void {
    this.#users.begin(users);
  }

  /** @param begunAt when the call was admitted, in milliseconds of `performance.now()` */
  leave(users: number, begunAt: number): void {
    const now = performance.now();
    // How long a batch takes tells more of its size than of a wait: it is never late, so that batches alone raise the limit.
    this.#limit.note(users === 1 ? begunAt : now, now);
    this.#users.end(users);
  }

  /** Admits no more calls. @returns when the last call has left */
  drain(): Promise<void> {
    return this.#users.close();
  }

  #isFull(): boolean {
    if (this.#users.count < this.limit) return false;
    this.#limit.meet();
    return true;
  }
}
