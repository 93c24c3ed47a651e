import {
  RecallRequestError,
  type EncodedUser as ServiceUser,
  type EncodeUserRequest,
} from '@vector-recall/recall-service';
import { mapYielding } from '@vector-recall/threads';
import { requestBytes, type WireLimits } from '../contract/limits';
import type { ServedModel } from '../contract/model-source';
import { statusOf, type CallStatus } from '../contract/status';
import { WireRequestError } from '../errors';
import {
  EncodedUser,
  EncodeItemsRequest,
  EncodeItemsResponse,
  EncodeUsersResponse,
  Source,
} from '../gen/recall/v1/recall';
import type { Method } from '../pipeline/call';
import { decodeGenerated } from '../wire/decode-generated';
import { readRecallRequest, splitBatch } from '../wire/read-requests';
import type { VersionChoice } from './choose-version';
import type { Answered } from './recall-methods';

type Id = number | string;

/** Answers with the model in use. */
export type WithModel = <Result>(
  answer: (model: ServedModel) => Promise<Result>,
  choice?: VersionChoice,
) => Promise<Answered<Result>>;

/** The methods that return vectors, for those who rank what was recalled. */
export function encodeMethods(limits: WireLimits, withModel: WithModel): readonly Method[] {
  const bytesOf = requestBytes(limits);

  const encodeUsers: Method<readonly Buffer[], Answered<readonly (ServiceUser | CallStatus)[]>> = {
    name: 'EncodeUsers',
    maxRequestBytes: bytesOf.encodeUsers,
    // The request has the form of a batch: one field of requests.
    decode: (bytes) => splitBatch(bytes, limits, 'EncodeUsersRequest'),
    answer: (messages, { signal, countUsers }) =>
      withModel(async (model) => {
        countUsers(messages.length);
        const entries = await mapYielding(messages, (message) => readUser(message, limits));
        const good = entries.filter((entry): entry is EncodeUserRequest => !isStatus(entry));
        const results = good.length > 0 ? await model.encodeUsers(good, { signal }) : [];
        let next = 0;
        return entries.map((entry) => {
          const result = isStatus(entry) ? entry : results[next++];
          return result instanceof RecallRequestError ? statusOf(result) : result;
        });
      }),
    encode: ({ result, version }) => {
      const users = result.map(encodedUser);
      return bufferOf(EncodeUsersResponse.encode({ users, modelVersion: version }));
    },
  };

  const encodeItems: Method<readonly Id[], Answered<readonly (Float32Array | undefined)[]>> = {
    name: 'EncodeItems',
    maxRequestBytes: bytesOf.encodeItems,
    decode: (bytes) => itemsOf(decodeGenerated('EncodeItemsRequest', EncodeItemsRequest, bytes), limits),
    answer: (itemIds, { signal }) => withModel((model) => model.encodeItems(itemIds, { signal })),
    encode: ({ result, version }) => {
      const items = result.map((vector) => ({ vector: vector === undefined ? [] : Array.from(vector) }));
      return bufferOf(EncodeItemsResponse.encode({ items, modelVersion: version }));
    },
  };

  return [encodeUsers, encodeItems];
}

/** One user of a request, or what is wrong with its bytes. */
function readUser(bytes: Buffer, limits: WireLimits): EncodeUserRequest | CallStatus {
  try {
    const { userId, features, history, historyTypes, context, queryVector } = readRecallRequest(bytes, limits);
    if (queryVector !== undefined) {
      throw new WireRequestError(
        'query_vector',
        'query_vector is set, but it is a vector already; set user or history.',
      );
    }
    return { userId, features, history, historyTypes, context };
  } catch (error) {
    return statusOf(error);
  }
}

function isStatus(entry: object): entry is CallStatus {
  return 'details' in entry;
}

/**
 * The ids of a request about items.
 * @throws WireRequestError where there are too many or none
 */
export function itemsOf({ itemIds }: EncodeItemsRequest, { maxTopK }: WireLimits): readonly Id[] {
  const ids = [...(itemIds?.integerIds ?? []), ...(itemIds?.stringIds ?? [])];
  if (ids.length >= 1 && ids.length <= maxTopK) return ids;
  throw new WireRequestError('item_ids', `item_ids has ${ids.length} ids, but it must have from 1 to ${maxTopK}.`);
}

const sources = {
  model: Source.SOURCE_MODEL,
  history: Source.SOURCE_HISTORY_AND_FEATURES,
  popularity: Source.SOURCE_POPULARITY,
  vector: Source.SOURCE_QUERY_VECTOR,
} as const;

function encodedUser(result: ServiceUser | CallStatus): EncodedUser {
  if (isStatus(result)) {
    const error = { code: result.code, message: result.details };
    return { vector: [], source: Source.SOURCE_UNSPECIFIED, error };
  }
  const { vector = [], source } = result;
  return { vector: Array.from(vector), source: sources[source], error: undefined };
}

function bufferOf(writer: { finish(): Uint8Array }): Buffer {
  return Buffer.from(writer.finish());
}
