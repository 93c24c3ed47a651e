import type { NewChange, Outcome } from '@vector-recall/live-index';
import { requestBytes, type WireLimits } from '../contract/limits';
import type { ModelSource, ServedChanges } from '../contract/model-source';
import { LiveOffError, ModelNotLoadedError, WireRequestError } from '../errors';
import {
  AppendEventsRequest,
  AppendEventsResponse,
  DeleteItemsRequest,
  DeleteItemsResponse,
  DeleteUsersRequest,
  DeleteUsersResponse,
  GetItemsRequest,
  GetItemsResponse,
  ItemState,
  ItemState_Kind,
  StreamEventsRequest,
  StreamEventsResponse,
  StreamItemsRequest,
  StreamItemsResponse,
  UpsertItemsRequest,
  UpsertItemsResponse,
  UpsertUsersRequest,
  UpsertUsersResponse,
  type Event,
  type Item,
} from '../gen/recall/v1/items';
import type { Method } from '../pipeline/call';
import { decodeGenerated } from '../wire/decode-generated';
import { readEvents, readId, readItem, readUser, writeItem } from '../wire/read-changes';

export interface ItemMethodsOptions {
  readonly models: ModelSource;
  readonly limits: WireLimits;
}

/** A request of changes as the generated code gives it. */
interface ChangeMessage {
  readonly changeId: string;
}

/** The generated code of a request and of its response. */
interface MessageTypes<Request> {
  readonly request: { decode(bytes: Uint8Array): Request };
  readonly response: {
    encode(message: Acknowledged): { finish(): Uint8Array };
    decode(bytes: Uint8Array): { acknowledgement: Acknowledged['acknowledgement'] | undefined };
  };
}

interface Acknowledged {
  readonly acknowledgement: { applied: number; repeatedBefore: number };
}

/** How each method of `ItemService` is served. */
export function itemMethods({ models, limits }: ItemMethodsOptions): readonly Method[] {
  const maxRequestBytes = requestBytes(limits).batchRecall;
  const withChanges = async <Result>(use: (live: ServedChanges) => Promise<Result>): Promise<Result> => {
    const lease = models.acquire();
    if (lease === undefined) throw new ModelNotLoadedError();
    try {
      const { live } = lease.service;
      if (live === undefined) throw new LiveOffError();
      return await use(live);
    } finally {
      lease.release();
    }
  };

  /** A method that makes one change of each entry of a list. */
  const changing = <Request extends ChangeMessage>(
    name: string,
    types: MessageTypes<Request>,
    list: readonly [field: string, read: (request: Request) => readonly unknown[]],
    changesOf: (request: Request) => readonly NewChange[],
  ): Method<readonly NewChange[], readonly Outcome[]> => ({
    name,
    maxRequestBytes,
    decode: (bytes) => {
      const request = decodeGenerated(`${name}Request`, types.request, bytes);
      checkCount(list[0], list[1](request).length, limits.maxBatch);
      return withIds(changesOf(request), request.changeId);
    },
    answer: (changes) => withChanges((live) => live.write(changes)),
    encode: (outcomes) => {
      const repeatedBefore = outcomes.filter((outcome) => outcome === 'repeated').length;
      const acknowledgement = { applied: outcomes.length - repeatedBefore, repeatedBefore };
      return Buffer.from(types.response.encode({ acknowledgement }).finish());
    },
  });

  /** The same for each request of a stream. */
  const streaming = <Request extends ChangeMessage>(
    ...[name, types, list, changesOf]: Parameters<typeof changing<Request>>
  ): Method<readonly NewChange[], readonly Outcome[]> => ({
    ...changing(name, types, list, changesOf),
    join: (before, next) => {
      const [first, second] = [before, next].map((bytes) => types.response.decode(bytes).acknowledgement);
      const acknowledgement = {
        applied: (first?.applied ?? 0) + (second?.applied ?? 0),
        repeatedBefore: (first?.repeatedBefore ?? 0) + (second?.repeatedBefore ?? 0),
      };
      return Buffer.from(types.response.encode({ acknowledgement }).finish());
    },
  });

  const getItems: Method<GetItemsRequest, ItemState[]> = {
    name: 'GetItems',
    maxRequestBytes,
    decode: (bytes) => {
      const request = decodeGenerated('GetItemsRequest', GetItemsRequest, bytes);
      checkCount('ids', request.ids.length, limits.maxBatch);
      return request;
    },
    answer: ({ ids }) =>
      withChanges((live) => Promise.resolve(ids.map((id, place) => stateOf(live, readId(`ids[${place}]`, id))))),
    encode: (items) => Buffer.from(GetItemsResponse.encode({ items }).finish()),
  };

  const itemsOf = ({ items }: { readonly items: readonly Item[] }): readonly Item[] => items;
  const eventsOf = ({ events }: { readonly events: readonly Event[] }): readonly Event[] => events;
  const upserts = (request: { readonly items: readonly Item[] }): readonly NewChange[] =>
    request.items.map((item, place) => ({ kind: 'upsert-item', item: readItem(item, place) }));
  const appends = ({ events }: { readonly events: readonly Event[] }): readonly NewChange[] =>
    readEvents(events, Date.now());

  return [
    changing(
      'UpsertItems',
      { request: UpsertItemsRequest, response: UpsertItemsResponse },
      ['items', itemsOf],
      upserts,
    ),
    streaming(
      'StreamItems',
      { request: StreamItemsRequest, response: StreamItemsResponse },
      ['items', itemsOf],
      upserts,
    ),
    changing(
      'DeleteItems',
      { request: DeleteItemsRequest, response: DeleteItemsResponse },
      ['ids', ({ ids }) => ids],
      ({ ids }) => ids.map((id, place) => ({ kind: 'delete-item', id: readId(`ids[${place}]`, id) })),
    ),
    getItems,
    changing(
      'UpsertUsers',
      { request: UpsertUsersRequest, response: UpsertUsersResponse },
      ['users', ({ users }) => users],
      ({ users }) => users.map((user, place) => ({ kind: 'upsert-user', user: readUser(user, place) })),
    ),
    changing(
      'DeleteUsers',
      { request: DeleteUsersRequest, response: DeleteUsersResponse },
      ['ids', ({ ids }) => ids],
      ({ ids }) => ids.map((id, place) => ({ kind: 'delete-user', id: readId(`ids[${place}]`, id) })),
    ),
    changing(
      'AppendEvents',
      { request: AppendEventsRequest, response: AppendEventsResponse },
      ['events', eventsOf],
      appends,
    ),
    streaming(
      'StreamEvents',
      { request: StreamEventsRequest, response: StreamEventsResponse },
      ['events', eventsOf],
      appends,
    ),
  ];
}

/** Each change of a request has an id of its own, so that a request that was written in part can be sent again. */
function withIds(changes: readonly NewChange[], changeId: string): readonly NewChange[] {
  if (changeId.length > MAX_CHANGE_ID) {
    throw new WireRequestError('change_id', `change_id has more than ${MAX_CHANGE_ID} characters.`);
  }
  return changeId === '' ? changes : changes.map((change, i) => ({ ...change, changeId: `${changeId}/${i}` }));
}

const MAX_CHANGE_ID = 256;

function checkCount(field: string, count: number, most: number): void {
  if (count >= 1 && count <= most) return;
  const given = count === 0 ? 'no entries' : `${count} entries`;
  throw new WireRequestError(field, `${field} has ${given}, but it must have from 1 to ${most}.`);
}

function stateOf(live: ServedChanges, id: number | string): ItemState {
  const state = live.item(id);
  if (state === undefined) return { kind: ItemState_Kind.KIND_UNCHANGED, item: undefined };
  if (state.kind === 'delete-item') return { kind: ItemState_Kind.KIND_DELETED, item: undefined };
  return { kind: ItemState_Kind.KIND_UPSERTED, item: writeItem(state.item) };
}
