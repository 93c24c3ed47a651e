import type { ItemDescription, UserDescription } from '@vector-recall/recall-service';
import { requestBytes, type WireLimits } from '../contract/limits';
import { WireRequestError } from '../errors';
import {
  DescribeItemsRequest,
  DescribeItemsResponse,
  DescribeUserRequest,
  DescribeUserResponse,
} from '../gen/recall/v1/recall';
import type { Method } from '../pipeline/call';
import { decodeGenerated } from '../wire/decode-generated';
import { itemsOf, type WithModel } from './encode-methods';
import type { Answered } from './recall-methods';

type Id = number | string;

/** Newest items of a history that are told: more than any model reads. */
const MAX_HISTORY = 1000;

/** The methods that tell people what items and users are. */
export function describeMethods(limits: WireLimits, withModel: WithModel): readonly Method[] {
  const bytesOf = requestBytes(limits);

  const describeItems: Method<readonly Id[], Answered<readonly (ItemDescription | undefined)[]>> = {
    name: 'DescribeItems',
    maxRequestBytes: bytesOf.describeItems,
    decode: (bytes) => itemsOf(decodeGenerated('DescribeItemsRequest', DescribeItemsRequest, bytes), limits),
    answer: (itemIds) => withModel((model) => Promise.resolve(model.describeItems(itemIds))),
    encode: ({ result, version }) => {
      const items = result.map((item) => {
        const { name = '', category = '', tags = [] } = item ?? {};
        return { known: item !== undefined, name, category, tags: [...tags] };
      });
      return Buffer.from(DescribeItemsResponse.encode({ items, modelVersion: version }).finish());
    },
  };

  const describeUser: Method<Id, Answered<UserDescription>> = {
    name: 'DescribeUser',
    maxRequestBytes: bytesOf.describeUser,
    decode: (bytes) => userOf(decodeGenerated('DescribeUserRequest', DescribeUserRequest, bytes)),
    answer: (userId) => withModel((model) => Promise.resolve(model.describeUser(userId, MAX_HISTORY))),
    encode: ({ result, version }) => {
      const integerIds = result.history.filter((id) => typeof id === 'number');
      const stringIds = result.history.filter((id) => typeof id === 'string');
      const response = { known: result.known, history: { integerIds, stringIds }, modelVersion: version };
      return Buffer.from(DescribeUserResponse.encode(response).finish());
    },
  };

  return [describeItems, describeUser];
}

function userOf({ integerUserId, stringUserId }: DescribeUserRequest): Id {
  const id = integerUserId ?? stringUserId;
  if (id !== undefined) return id;
  throw new WireRequestError('user', 'user is not set; set integer_user_id or string_user_id.');
}
