import type { Id, LiveItem, LiveUser } from '@vector-recall/live-index';
import { ItemServiceClient, ItemState_Kind, type Acknowledgement, type Event } from '../gen/recall/v1/items';
import { readItem, writeId, writeItem } from '../wire/read-changes';
import { Caller } from './caller';
import type { Source, StreamMethod } from './client-stream';
import type { RecallClientOptions } from './client-options';
import type { ClientCallOptions, Method } from './unary-call';

export interface ChangeOptions extends ClientCallOptions {
  /** A request whose id was seen is acknowledged and not made again: so it may be sent again after a failure. */
  readonly changeId?: string;
}

export interface StreamOptions extends ChangeOptions {
  /** Items or events in one request, at most the server's `max-batch`; default 256, which is its default. */
  readonly batchSize?: number;
}

/** What was made of a request. */
export interface ChangeAnswer {
  readonly applied: number;
  readonly repeated: number;
}

/** Something that a user did. */
export interface UserEvent {
  readonly userId: Id;
  readonly itemId: Id;
  /** In milliseconds since 1970; default: when the server has it. */
  readonly at?: number;
  /** What kind of event it is, such as `purchase`; default: unknown. */
  readonly type?: string;
}

/** What was changed of an item since the training. */
export type ItemChange =
  { readonly kind: 'unchanged' | 'deleted' } | { readonly kind: 'upserted'; readonly item: LiveItem };

type Answered = { readonly acknowledgement: Acknowledgement | undefined };

/**
 * Changes the catalogue of a running server. A call resolves when its changes are on the server's disk and seen by every
 * query that begins later. Calls are not repeated: give them a `changeId` and send them again.
 */
export class ItemClient {
  readonly #stub: ItemServiceClient;
  readonly #caller: Caller;

  /**
   * @param target `host:port` of the recall service
   * @throws SecretFileError
   */
  constructor(target: string, options: RecallClientOptions = {}) {
    this.#caller = new Caller(target, { ...options, deadlineMs: options.deadlineMs ?? 5000, maxAttempts: 1 });
    this.#stub = new ItemServiceClient(...this.#caller.connection);
  }

  /** @throws RecallCallError */
  upsertItems(items: readonly LiveItem[], { changeId = '', ...options }: ChangeOptions = {}): Promise<ChangeAnswer> {
    const request = { items: items.map(writeItem), changeId };
    return this.#change(this.#stub.upsertItems.bind(this.#stub), request, options);
  }

  /** @throws RecallCallError */
  deleteItems(ids: readonly Id[], { changeId = '', ...options }: ChangeOptions = {}): Promise<ChangeAnswer> {
    return this.#change(this.#stub.deleteItems.bind(this.#stub), { ids: ids.map(writeId), changeId }, options);
  }

  /** What was changed of items, in the order of the ids. @throws RecallCallError */
  async getItems(ids: readonly Id[], options: ClientCallOptions = {}): Promise<ItemChange[]> {
    const getItems = this.#stub.getItems.bind(this.#stub);
    const { items } = await this.#caller.call(getItems, { ids: ids.map(writeId) }, options);
    return items.map(({ kind, item }, place) => {
      if (item !== undefined) return { kind: 'upserted', item: readItem(item, place) };
      return { kind: kind === ItemState_Kind.KIND_DELETED ? 'deleted' : 'unchanged' };
    });
  }

  /** @throws RecallCallError */
  upsertUsers(users: readonly LiveUser[], { changeId = '', ...options }: ChangeOptions = {}): Promise<ChangeAnswer> {
    const request = {
      users: users.map(({ id, features = [] }) => ({ id: writeId(id), features: [...features] })),
      changeId,
    };
    return this.#change(this.#stub.upsertUsers.bind(this.#stub), request, options);
  }

  /** @throws RecallCallError */
  deleteUsers(ids: readonly Id[], { changeId = '', ...options }: ChangeOptions = {}): Promise<ChangeAnswer> {
    return this.#change(this.#stub.deleteUsers.bind(this.#stub), { ids: ids.map(writeId), changeId }, options);
  }

  /** `applied` counts users. @throws RecallCallError */
  appendEvents(events: readonly UserEvent[], { changeId = '', ...options }: ChangeOptions = {}): Promise<ChangeAnswer> {
    const request = { events: events.map(writeEvent), changeId };
    return this.#change(this.#stub.appendEvents.bind(this.#stub), request, options);
  }

  /**
   * Upserts any number of items over one call, for imports. Items are asked for as fast as the server makes them, and have been
   * made up to some place when it fails: send them again, in the same order and with the same `changeId`. Without
   * `deadlineMs` it takes as long as it takes.
   * @throws RecallCallError, or what the source of the items throws
   */
  streamItems(items: Source<LiveItem>, options: StreamOptions = {}): Promise<ChangeAnswer> {
    const method = this.#stub.streamItems.bind(this.#stub);
    return this.#stream(method, items, (batch, changeId) => ({ items: batch.map(writeItem), changeId }), options);
  }

  /** Appends any number of events, as {@link streamItems}. */
  streamEvents(events: Source<UserEvent>, options: StreamOptions = {}): Promise<ChangeAnswer> {
    const method = this.#stub.streamEvents.bind(this.#stub);
    return this.#stream(method, events, (batch, changeId) => ({ events: batch.map(writeEvent), changeId }), options);
  }

  /** Ends the connection; calls in flight fail. */
  close(): void {
    this.#stub.close();
  }

  async #change<Request>(
    method: Method<Request, Answered>,
    request: Request,
    options: ClientCallOptions,
  ): Promise<ChangeAnswer> {
    return answerOf(await this.#caller.call(method, request, options));
  }

  async #stream<Entry, Request>(
    method: StreamMethod<Request, Answered>,
    entries: Source<Entry>,
    requestOf: (batch: readonly Entry[], changeId: string) => Request,
    { changeId = '', batchSize = 256, ...options }: StreamOptions,
  ): Promise<ChangeAnswer> {
    const requests = inBatches(entries, batchSize, (batch, place) =>
      requestOf(batch, changeId === '' ? '' : `${changeId}/${place}`),
    );
    return answerOf(await this.#caller.stream(method, requests, options));
  }
}

async function* inBatches<Entry, Request>(
  entries: Source<Entry>,
  size: number,
  requestOf: (batch: readonly Entry[], place: number) => Request,
): AsyncGenerator<Request> {
  let batch: Entry[] = [];
  let place = 0;
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield requestOf(batch, place++);
    batch = [];
  }
  if (batch.length > 0) yield requestOf(batch, place);
}

function writeEvent({ userId, itemId, at = 0, type = '' }: UserEvent): Event {
  return { userId: writeId(userId), itemId: writeId(itemId), atMillis: at, type };
}

function answerOf({ acknowledgement }: Answered): ChangeAnswer {
  return { applied: acknowledgement?.applied ?? 0, repeated: acknowledgement?.repeatedBefore ?? 0 };
}
