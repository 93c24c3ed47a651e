/** Counts the calls that are under way, so that what they use can be closed after the last of them. */
export class CallsInFlight {
  #count = 0;
  #closed?: Promise<void>;
  #whenIdle?: () => void;

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  begin(): void {
    this.#count++;
  }

  /** Of a call that has begun, however it ended. */
  end(): void {
    if (--this.#count === 0) this.#whenIdle?.();
  }

  /** Calls `release` once, when no call is under way; from now on {@link isClosed}. */
  async close(release: () => Promise<void>): Promise<void> {
    this.#closed ??= (async () => {
      if (this.#count > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
      await release();
    })();
    return this.#closed;
  }
}
