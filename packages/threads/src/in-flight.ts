/** Counts what is under way, so that what it uses can be closed after the last of it. */
export class InFlight {
  #count = 0;
  #isClosed = false;
  /** An array that stays: a Promise for each time that nothing is under way would cost every call one. */
  readonly #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  /** Whether {@link close} was called: then nothing should be begun any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  begin(amount = 1): void {
    this.#count += amount;
  }

  /** Of what has begun, however it ended. */
  end(amount = 1): void {
    this.#count -= amount;
    if (this.#count > 0 || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    // What waited for the same moment may have begun something.
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Marks it as closed. Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
  }
}
