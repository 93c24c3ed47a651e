type Id = number | string;

export const shownLimits = {
  /** Users that are kept; those who were not heard of for longest are forgotten first. */
  maxUsers: 100_000,
  /** The newest items of a user that are kept. */
  maxItems: 500,
  /** Items of all users together. */
  maxAll: 1_000_000,
  /** The longest time that a request may look back, in seconds: 30 days. */
  maxSeconds: 2_592_000,
} as const;

interface ShownItem {
  readonly id: Id;
  /** Seconds since 1970. */
  readonly at: number;
}

/** What users were shown, in the memory of this process: bounded, and gone when it ends. */
export class ShownItems {
  /** By the text of a user's id; the one that was heard of last comes last. Items in the order in which they were shown. */
  readonly #users = new Map<string, readonly ShownItem[]>();
  #all = 0;

  /** @param limits for tests */
  constructor(private readonly limits: Partial<Record<keyof typeof shownLimits, number>> = {}) {}

  get userCount(): number {
    return this.#users.size;
  }

  get itemCount(): number {
    return this.#all;
  }

  /** Keeps what a user has just been shown. */
  add(user: Id, ids: readonly Id[], now: number): void {
    if (ids.length === 0) return;
    const { maxUsers, maxItems, maxAll, maxSeconds } = { ...shownLimits, ...this.limits };
    const again = new Set(ids);
    const before = this.#take(user).filter(({ id, at }) => !again.has(id) && now - at <= maxSeconds);
    const items = [...before, ...Array.from(again, (id) => ({ id, at: now }))].slice(-maxItems);
    this.#users.set(String(user), items);
    this.#all += items.length;
    for (const oldest of this.#users.keys()) {
      if (this.#users.size <= maxUsers && this.#all <= maxAll) break;
      this.#take(oldest);
    }
  }

  /** What a user was shown in the last so many seconds. */
  within(user: Id, seconds: number, now: number): Id[] {
    const items = this.#users.get(String(user)) ?? [];
    return items.filter(({ at }) => now - at <= seconds).map(({ id }) => id);
  }

  #take(user: Id): readonly ShownItem[] {
    const items = this.#users.get(String(user)) ?? [];
    this.#users.delete(String(user));
    this.#all -= items.length;
    return items;
  }
}
