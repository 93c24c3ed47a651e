import type { Change, Id, LiveEvent, LiveItem, LiveUser, StreamOffset } from '../change/change';
import type { LogEntry } from '../change/change-codec';

export interface StateLimits {
  /** Newest events that are kept of a user. */
  readonly eventsPerUser: number;
  /** How long an event is kept, in days. */
  readonly eventDays: number;
  /** Ids of changes that are remembered, so that one that is sent again is not made again. */
  readonly changeIds: number;
}

export const stateLimits: StateLimits = { eventsPerUser: 200, eventDays: 90, changeIds: 100_000 };

const DAY_MS = 86_400_000;

/** What became of an item, and when. */
export type ItemState =
  | { readonly kind: 'upsert-item'; readonly seq: number; readonly changeId?: string; readonly item: LiveItem }
  | { readonly kind: 'delete-item'; readonly seq: number; readonly changeId?: string; readonly id: Id };

/** What became of a user, and when. */
export type UserState =
  | { readonly kind: 'upsert-user'; readonly seq: number; readonly changeId?: string; readonly user: LiveUser }
  | { readonly kind: 'delete-user'; readonly seq: number; readonly changeId?: string; readonly id: Id };

interface UserEvents {
  readonly seq: number;
  readonly events: readonly LiveEvent[];
}

/** All changes together: the newest of each item and user, and what users did last. */
export class LiveState {
  readonly #items = new Map<Id, ItemState>();
  readonly #users = new Map<Id, UserState>();
  readonly #events = new Map<Id, UserEvents>();
  /** In the order in which they came. */
  readonly #changeIds = new Set<string>();
  #seq = 0;
  #offset?: StreamOffset;
  #erasures = 0;

  constructor(private readonly limits: StateLimits = stateLimits) {}

  /** Of the newest change; 0 where there was none. */
  get seq(): number {
    return this.#seq;
  }

  /** How far a stream of changes was followed; `undefined` where none is. */
  get offset(): StreamOffset | undefined {
    return this.#offset;
  }

  /** Users who were erased after something was stored of them, which a log holds until it is compacted. */
  get erasures(): number {
    return this.#erasures;
  }

  get itemCount(): number {
    return this.#items.size;
  }

  /** Whether a change of this id was made. */
  has(changeId: string): boolean {
    return this.#changeIds.has(changeId);
  }

  item(id: Id): ItemState | undefined {
    return this.#items.get(id);
  }

  user(id: Id): UserState | undefined {
    return this.#users.get(id);
  }

  /** Oldest first. @param now in milliseconds since 1970 */
  eventsOf(userId: Id, now = Date.now()): readonly LiveEvent[] {
    const events = this.#events.get(userId)?.events;
    return events === undefined ? [] : this.#kept(events, now);
  }

  items(): Iterable<ItemState> {
    return this.#items.values();
  }

  /** Takes an entry up, which may be one that it has already. */
  apply(entry: LogEntry): void {
    if (entry.kind === 'applied') {
      for (const changeId of entry.changeIds) this.#remember(changeId);
      return;
    }
    this.#seq = Math.max(this.#seq, entry.seq);
    if (entry.kind === 'offset') {
      const { stream, position, seq } = entry;
      // A log that is being compacted may hold an older one behind a newer one.
      if (position >= (this.#offset?.position ?? 0)) this.#offset = { stream, position, seq };
      return;
    }
    if (entry.changeId !== undefined) this.#remember(entry.changeId);
    switch (entry.kind) {
      case 'upsert-item':
        replace(this.#items, entry.item.id, entry);
        break;
      case 'delete-item':
        replace(this.#items, entry.id, entry);
        break;
      case 'upsert-user':
        replace(this.#users, entry.user.id, entry);
        break;
      case 'delete-user':
        if (this.#users.get(entry.id)?.kind === 'upsert-user' || this.#events.has(entry.id)) this.#erasures++;
        replace(this.#users, entry.id, entry);
        if ((this.#events.get(entry.id)?.seq ?? Infinity) < entry.seq) this.#events.delete(entry.id);
        break;
      case 'append-events':
        this.#append(entry);
        break;
    }
  }

  /**
   * What a compacted log holds. The list stays as it is while later changes are made.
   * @param now in milliseconds since 1970
   */
  entries(now = Date.now()): LogEntry[] {
    const events = [...this.#events].flatMap(([userId, { seq, events: all }]): LogEntry[] => {
      const kept = this.#kept(all, now);
      return kept.length === 0 ? [] : [{ kind: 'append-events', seq, userId, events: kept }];
    });
    const ids = [...this.#changeIds];
    const applied = Array.from({ length: Math.ceil(ids.length / PIECE) }, (_, i): LogEntry => {
      return { kind: 'applied', changeIds: ids.slice(i * PIECE, (i + 1) * PIECE) };
    });
    const offset: LogEntry[] = this.#offset === undefined ? [] : [{ kind: 'offset', ...this.#offset }];
    // Users come before events: an erasure takes away those that stand before it.
    return [...applied, ...this.#items.values(), ...this.#users.values(), ...events, ...offset];
  }

  #append({ userId, events, seq }: Extract<Change, { kind: 'append-events' }>): void {
    const before = this.#events.get(userId);
    if (before !== undefined && before.seq >= seq) return;
    const all = [...(before?.events ?? []), ...events].toSorted((a, b) => a.at - b.at);
    this.#events.set(userId, { seq, events: all.slice(-this.limits.eventsPerUser) });
  }

  #kept(events: readonly LiveEvent[], now: number): readonly LiveEvent[] {
    const oldest = now - this.limits.eventDays * DAY_MS;
    return events.length === 0 || events[0].at >= oldest ? events : events.filter(({ at }) => at >= oldest);
  }

  #remember(changeId: string): void {
    this.#changeIds.add(changeId);
    if (this.#changeIds.size <= this.limits.changeIds) return;
    for (const oldest of this.#changeIds) {
      this.#changeIds.delete(oldest);
      break;
    }
  }
}

const PIECE = 1000;

function replace<State extends { readonly seq: number }>(states: Map<Id, State>, id: Id, state: State): void {
  const before = states.get(id);
  if (before === undefined || before.seq < state.seq) states.set(id, state);
}
