/** With fewer users at once the threads that search would wait for work. */
const LEAST_USERS = 16;

/** Longer than a pause of the garbage collector and the backlog it leaves, which pass by themselves. */
const WINDOW_MS = 100;

export interface LatencyLimitOptions {
  readonly maxUsers: number;
  /** What a call of one user may take, in milliseconds; 0 for as long as it takes. */
  readonly targetMs: number;
}

/**
 * How many users may be worked on at once for most calls to be answered in time. What a user costs is not known
 * beforehand, and in an overload the refusals cost too, so the limit is found by trying: it is halved after a while in
 * which calls met it and most were late, and rises by a tenth after one in which most were in time. Calls that are late
 * below the limit, as after a pause of the garbage collector, wait for something else.
 */
export class LatencyLimit {
  #users: number;
  #calls = 0;
  #late = 0;
  #isMet = false;
  #windowEnd = 0;

  constructor(private readonly options: LatencyLimitOptions) {
    this.#users = options.maxUsers;
  }

  get users(): number {
    return Math.floor(this.#users);
  }

  /** Takes note that a call found as many users at work as there may be. */
  meet(): void {
    this.#isMet = true;
  }

  /** Takes note of a call of one user; both in milliseconds of `performance.now()`. */
  note(begunAt: number, endedAt: number): void {
    const { maxUsers, targetMs } = this.options;
    if (targetMs === 0) return;
    this.#calls++;
    if (endedAt - begunAt > targetMs) this.#late++;
    if (endedAt < this.#windowEnd) return;
    const isSlow = this.#late > this.#calls / 2;
    if (!isSlow) this.#users = Math.min(maxUsers, this.#users * 1.1);
    else if (this.#isMet) this.#users = Math.max(Math.min(LEAST_USERS, maxUsers), this.#users / 2);
    this.#isMet = false;
    this.#calls = 0;
    this.#late = 0;
    this.#windowEnd = endedAt + WINDOW_MS;
  }
}
