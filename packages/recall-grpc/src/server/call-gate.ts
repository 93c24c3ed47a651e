/** Why a call is not let in. */
export type Refusal = 'full' | 'draining';

/** Counts the users that are worked on, and refuses calls past a bound or while the server drains. */
export class CallGate {
  #users = 0;
  #draining = false;
  #idle: (() => void)[] = [];

  constructor(
    /** Calls are let in while fewer users than this are worked on: a batch may pass it once, by its own size. */
    private readonly maxInFlight: number,
  ) {}

  /** Users that are worked on now. */
  get inFlight(): number {
    return this.#users;
  }

  /** Lets one call in, as one user, or says why not. */
  enter(): Refusal | undefined {
    if (this.#draining) return 'draining';
    if (this.#users >= this.maxInFlight) return 'full';
    this.#users++;
    return undefined;
  }

  /** Counts further users of a call that was let in. */
  add(users: number): void {
    this.#users += users;
  }

  leave(users: number): void {
    this.#users -= users;
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
