/** The first wait; it is doubled up to the second value. */
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** Tries something again later, and waits longer each time until it has succeeded. */
export class Retry {
  #ms = FIRST_MS;
  #timer?: NodeJS.Timeout;

  /** @returns in how many milliseconds `action` runs; what waited before does not run any more */
  later(action: () => void): number {
    const ms = this.#ms;
    this.cancel();
    this.#timer = setTimeout(action, ms).unref();
    this.#ms = Math.min(LONGEST_MS, ms * 2);
    return ms;
  }

  /** After a success: the next wait is the first one again. */
  reset(): void {
    this.cancel();
    this.#ms = FIRST_MS;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
