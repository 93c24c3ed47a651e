import {
  IdKind,
  IdList,
  Input,
  RecallRequest,
  SimilarItemsRequest,
  Source,
  Space,
  type GetModelInfoResponse,
  type RecallResponse,
  type ScoredItems,
  type SimilarItemsResponse,
} from '../gen/recall/v1/recall';
import { ClientRequestError } from './errors';
import type { Id, ModelInfo, RecallAnswer, RecallQuery, SimilarItemsAnswer, SimilarItemsQuery } from './types';

/** @throws ClientRequestError for what the wire can't carry; ranges are the server's to check */
export function recallMessage(query: RecallQuery): RecallRequest {
  const { userId, features, history, queryVector, topK, excludeItemIds, excludeSeen = true, efSearch = 0 } = query;
  return {
    integerUserId: typeof userId === 'number' ? checkInteger('userId', userId) : undefined,
    stringUserId: typeof userId === 'string' ? userId : undefined,
    features: features === undefined ? [] : Array.from(features),
    history: history && idList('history', history),
    topK: checkUint32('topK', topK),
    excludeItemIds: excludeItemIds && idList('excludeItemIds', excludeItemIds),
    excludeSeen,
    efSearch: checkUint32('efSearch', efSearch),
    queryVector: queryVector === undefined ? [] : vectorValues(queryVector),
  };
}

/** @throws ClientRequestError */
export function similarItemsMessage({
  itemId,
  topK,
  excludeItemIds,
  efSearch = 0,
}: SimilarItemsQuery): SimilarItemsRequest {
  return {
    integerItemId: typeof itemId === 'number' ? checkInteger('itemId', itemId) : undefined,
    stringItemId: typeof itemId === 'string' ? itemId : undefined,
    topK: checkUint32('topK', topK),
    excludeItemIds: excludeItemIds && idList('excludeItemIds', excludeItemIds),
    efSearch: checkUint32('efSearch', efSearch),
  };
}

const sources = {
  [Source.SOURCE_MODEL]: 'model',
  [Source.SOURCE_HISTORY_AND_FEATURES]: 'history',
  [Source.SOURCE_POPULARITY]: 'popularity',
  [Source.SOURCE_QUERY_VECTOR]: 'vector',
  [Source.SOURCE_UNSPECIFIED]: 'unknown',
  [Source.UNRECOGNIZED]: 'unknown',
} as const;

export function recallAnswer(response: RecallResponse): RecallAnswer {
  const { source, unknownHistoryItems } = response;
  return { ...similarItemsAnswer(response), source: sources[source], unknownHistoryItems };
}

export function similarItemsAnswer({ items, modelVersion, timings }: SimilarItemsResponse): SimilarItemsAnswer {
  const { encodeMicros = 0, searchMicros = 0, totalMicros = 0 } = timings ?? {};
  return {
    itemIds: idsOf(items),
    scores: items?.scores ?? [],
    modelVersion,
    timings: { encodeMicros, searchMicros, totalMicros },
  };
}

const inputNames = {
  [Input.INPUT_USER]: 'userId',
  [Input.INPUT_HISTORY]: 'history',
  [Input.INPUT_FEATURES]: 'features',
  [Input.INPUT_QUERY_VECTOR]: 'queryVector',
  [Input.INPUT_UNSPECIFIED]: undefined,
  [Input.UNRECOGNIZED]: undefined,
} as const;

const spaceNames = {
  [Space.SPACE_COSINE]: 'cosine',
  [Space.SPACE_INNER_PRODUCT]: 'ip',
  [Space.SPACE_L2]: 'l2',
  [Space.SPACE_UNSPECIFIED]: undefined,
  [Space.UNRECOGNIZED]: undefined,
} as const;

export function modelInfo({ userIdKind, itemIdKind, inputs, space, ...response }: GetModelInfoResponse): ModelInfo {
  return {
    ...response,
    userIdKind: kindOf(userIdKind),
    itemIdKind: kindOf(itemIdKind),
    inputs: inputs.map((input) => inputNames[input]).filter((name) => name !== undefined),
    space: spaceNames[space],
  };
}

function kindOf(kind: IdKind): 'integer' | 'string' {
  return kind === IdKind.ID_KIND_INTEGER ? 'integer' : 'string';
}

function idsOf(items: ScoredItems | undefined): readonly Id[] {
  const { integerIds = [], stringIds = [] } = items?.itemIds ?? {};
  return integerIds.length > 0 ? integerIds : stringIds;
}

function idList(field: string, ids: readonly Id[]): IdList {
  const integerIds = ids.filter((id) => typeof id === 'number');
  const stringIds = ids.filter((id) => typeof id === 'string');
  if (integerIds.length > 0 && stringIds.length > 0) {
    throw new ClientRequestError(field, `${field} has integers and strings; a catalogue has ids of one kind.`);
  }
  integerIds.forEach((id, i) => checkInteger(`${field}[${i}]`, id));
  return { integerIds, stringIds };
}

/** An empty vector would be taken for none. */
function vectorValues(vector: ArrayLike<number>): number[] {
  if (vector.length > 0) return Array.from(vector);
  throw new ClientRequestError('queryVector', 'queryVector is empty; leave it out, or give the values to search by.');
}

function checkInteger(field: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ClientRequestError(
    field,
    `${field} is ${value}, but an integer id must be from -${Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}.`,
  );
}

function checkUint32(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new ClientRequestError(field, `${field} is ${value}, but it must be an integer of at least 0.`);
}
