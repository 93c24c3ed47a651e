import {
  AttributeKind,
  IdKind,
  Input,
  RecallRequest,
  SearchPlan,
  SimilarItemsRequest,
  Source,
  Space,
  type EncodedUser,
  type GetModelInfoResponse,
  type RecallResponse,
  type ScoredItems,
  type SimilarItemsResponse,
} from '../gen/recall/v1/recall';
import { ClientRequestError } from './errors';
import { filterMessage } from './filter-message';
import { checkInteger, checkUint32, idList } from './id-list';
import { rulesAnswer, rulesMessage } from './rules-message';
import type {
  EncodedUserAnswer,
  Id,
  ModelInfo,
  RecallAnswer,
  RecallQuery,
  SimilarItemsAnswer,
  SimilarItemsQuery,
} from './types';

/** @throws ClientRequestError for what the wire can't carry; ranges are the server's to check */
export function recallMessage(query: RecallQuery): RecallRequest {
  const { userId, features, history, queryVector, context, topK, excludeItemIds } = query;
  const {
    excludeSeen,
    efSearch = 0,
    filter,
    rules,
    historyTypes = [],
    historyWeights = [],
    negativeItemIds,
    shown,
    versionLabel = '',
  } = query;
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
    context: { ...context },
    filter: filter === undefined ? undefined : filterMessage(filter),
    rules: rules && rulesMessage(rules),
    historyTypes: [...historyTypes],
    historyWeights: Array.from(historyWeights),
    negativeItemIds: negativeItemIds && idList('negativeItemIds', negativeItemIds),
    shown: shown && {
      itemIds: shown.itemIds && idList('shown', shown.itemIds),
      withinSeconds: checkUint32('shown.withinSeconds', shown.withinSeconds ?? 0),
    },
    versionLabel,
  };
}

/** @throws ClientRequestError */
export function similarItemsMessage({
  itemId,
  topK,
  excludeItemIds,
  efSearch = 0,
  filter,
  rules,
  versionLabel = '',
}: SimilarItemsQuery): SimilarItemsRequest {
  return {
    integerItemId: typeof itemId === 'number' ? checkInteger('itemId', itemId) : undefined,
    stringItemId: typeof itemId === 'string' ? itemId : undefined,
    topK: checkUint32('topK', topK),
    excludeItemIds: excludeItemIds && idList('excludeItemIds', excludeItemIds),
    efSearch: checkUint32('efSearch', efSearch),
    filter: filter === undefined ? undefined : filterMessage(filter),
    rules: rules && rulesMessage(rules),
    versionLabel,
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

export function similarItemsAnswer({
  items,
  modelVersion,
  timings,
  filter,
  rules,
  versionLabel,
}: SimilarItemsResponse): SimilarItemsAnswer {
  const { encodeMicros = 0, searchMicros = 0, totalMicros = 0 } = timings ?? {};
  return {
    itemIds: idsOf(items),
    scores: items?.scores ?? [],
    modelVersion,
    ...(versionLabel === '' ? {} : { versionLabel }),
    timings: { encodeMicros, searchMicros, totalMicros },
    ...(filter === undefined ? {} : { filter: { matches: filter.matches, plan: plans[filter.plan] } }),
    ...(rules === undefined ? {} : { rules: rulesAnswer(rules) }),
  };
}

const plans = {
  [SearchPlan.SEARCH_PLAN_GRAPH]: 'graph',
  [SearchPlan.SEARCH_PLAN_SCAN]: 'scan',
  [SearchPlan.SEARCH_PLAN_GROUPS]: 'groups',
  [SearchPlan.SEARCH_PLAN_UNSPECIFIED]: undefined,
  [SearchPlan.UNRECOGNIZED]: undefined,
} as const;

const attributeKinds = {
  [AttributeKind.ATTRIBUTE_KIND_LABELS]: 'labels',
  [AttributeKind.ATTRIBUTE_KIND_NUMBER]: 'number',
  [AttributeKind.ATTRIBUTE_KIND_DATE]: 'date',
  [AttributeKind.ATTRIBUTE_KIND_UNSPECIFIED]: undefined,
  [AttributeKind.UNRECOGNIZED]: undefined,
} as const;

export function encodedUserAnswer({ vector, source }: Pick<EncodedUser, 'vector' | 'source'>): EncodedUserAnswer {
  return { ...(vector.length === 0 ? {} : { vector }), source: sources[source] };
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

export function modelInfo({
  userIdKind,
  itemIdKind,
  inputs,
  space,
  attributes,
  ...response
}: GetModelInfoResponse): ModelInfo {
  return {
    ...response,
    userIdKind: kindOf(userIdKind),
    itemIdKind: kindOf(itemIdKind),
    inputs: inputs.map((input) => inputNames[input]).filter((name) => name !== undefined),
    space: spaceNames[space],
    attributes: attributes.flatMap(({ name, kind: number }) => {
      const kind = attributeKinds[number];
      // Of a newer server: this client cannot say what it is.
      return kind === undefined ? [] : [{ name, kind }];
    }),
  };
}

function kindOf(kind: IdKind): 'integer' | 'string' {
  return kind === IdKind.ID_KIND_INTEGER ? 'integer' : 'string';
}

function idsOf(items: ScoredItems | undefined): readonly Id[] {
  const { integerIds = [], stringIds = [] } = items?.itemIds ?? {};
  return integerIds.length > 0 ? integerIds : stringIds;
}

/** An empty vector would be taken for none. */
function vectorValues(vector: ArrayLike<number>): number[] {
  if (vector.length > 0) return Array.from(vector);
  throw new ClientRequestError('queryVector', 'queryVector is empty; leave it out, or give the values to search by.');
}
