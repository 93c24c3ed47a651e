import type { Id, LiveItem, LiveUser } from '@vector-recall/live-index';
import { ItemServiceClient, ItemState_Kind, type Acknowledgement } from '../gen/recall/v1/items';
import { readItem, writeId, writeItem } from '../wire/read-changes';
import { Caller } from './caller';
import type { RecallClientOptions } from './client-options';
import type { ClientCallOptions, Method } from './unary-call';

export interface ChangeOptions extends ClientCallOptions {
  /** A request whose id was seen is acknowledged and not made again: so it may be sent again after a failure. */
  readonly changeId?: string;
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
    const sent = events.map(({ userId, itemId, at = 0 }) => {
      return { userId: writeId(userId), itemId: writeId(itemId), atMillis: at };
    });
    return this.#change(this.#stub.appendEvents.bind(this.#stub), { events: sent, changeId }, options);
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
    const { acknowledgement } = await this.#caller.call(method, request, options);
    return { applied: acknowledgement?.applied ?? 0, repeated: acknowledgement?.repeatedBefore ?? 0 };
  }
}
