import {
  toQueryVector,
  type RecallRequest,
  type ServiceInfo,
  type SimilarItemsRequest,
} from '@vector-recall/recall-service';
import { WireRequestError } from '../errors';
import type * as wire from '../gen/recall/v1/recall';
import type { WireLimits } from './limits';

type Id = number | string;
type Kinds = Pick<ServiceInfo, 'userIdKind' | 'itemIdKind'>;
/** What requests are checked against. */
type ModelFacts = Kinds & Pick<ServiceInfo, 'dim' | 'space' | 'inputs'>;

/**
 * What the service is asked, in its own words. The fields whose range the contract gives are checked here, so that
 * messages name them as the contract does.
 * @throws WireRequestError, RecallRequestError
 */
export function toRecallRequest(message: wire.RecallRequest, model: ModelFacts, limits: WireLimits): RecallRequest {
  const { integerUserId, stringUserId, features, history, queryVector, excludeItemIds, excludeSeen } = message;
  checkInputs(message, model);
  checkFinite(features);
  return {
    userId: idOfKind(model.userIdKind, integerUserId, stringUserId, 'user'),
    features: features.length > 0 ? features : undefined,
    history: history && idsOfKind(model.itemIdKind, history, 'history'),
    queryVector: queryVector.length > 0 ? toQueryVector('query_vector', queryVector, model) : undefined,
    excludeSeen,
    ...searchFields(message.topK, message.efSearch, limits),
    excludeItemIds: excludeItemIds && idsOfKind(model.itemIdKind, excludeItemIds, 'exclude_item_ids'),
  };
}

/** @throws WireRequestError */
export function toSimilarItemsRequest(
  message: wire.SimilarItemsRequest,
  { itemIdKind }: Kinds,
  limits: WireLimits,
): SimilarItemsRequest {
  const { integerItemId, stringItemId, topK, efSearch, excludeItemIds } = message;
  const itemId = idOfKind(itemIdKind, integerItemId, stringItemId, 'item');
  if (itemId === undefined) {
    throw new WireRequestError('item', `item is not set; set ${itemIdKind}_item_id to the item to start from.`);
  }
  return {
    itemId,
    ...searchFields(topK, efSearch, limits),
    excludeItemIds: excludeItemIds && idsOfKind(itemIdKind, excludeItemIds, 'exclude_item_ids'),
  };
}

/** @throws WireRequestError */
export function checkBatchSize(size: number, { maxBatch }: WireLimits): void {
  if (size < 1 || size > maxBatch) {
    throw new WireRequestError('requests', `requests has ${size} entries, but it must have from 1 to ${maxBatch}.`);
  }
}

function searchFields(
  topK: number,
  efSearch: number,
  { maxTopK, maxEfSearch }: WireLimits,
): { topK: number; efSearch?: number } {
  if (topK < 1 || topK > maxTopK) {
    throw new WireRequestError('top_k', `top_k is ${topK}, but it must be from 1 to ${maxTopK}.`);
  }
  if (efSearch === 0) return { topK };
  if (efSearch > maxEfSearch) {
    throw new WireRequestError(
      'ef_search',
      `ef_search is ${efSearch}, but it must be from 0, for the model's own, to ${maxEfSearch}.`,
    );
  }
  return { topK, efSearch };
}

/** A request brings a vector or says something of a user, never both; some models take vectors alone. */
function checkInputs(message: wire.RecallRequest, { inputs }: ModelFacts): void {
  const { integerUserId, stringUserId, features, history, queryVector } = message;
  const [ofUser] = [
    ...(integerUserId === undefined ? [] : ['integer_user_id']),
    ...(stringUserId === undefined ? [] : ['string_user_id']),
    ...(history === undefined ? [] : ['history']),
    ...(features.length === 0 ? [] : ['features']),
  ] as (string | undefined)[];
  if (queryVector.length > 0) {
    if (ofUser === undefined) return;
    throw new WireRequestError(
      'query_vector',
      `query_vector and ${ofUser} are both set, but a request has one of them.`,
    );
  }
  if (inputs.includes('userId')) return;
  const problem = ofUser === undefined ? 'query_vector is not set' : `${ofUser} is set`;
  throw new WireRequestError(
    ofUser ?? 'query_vector',
    `${problem}, but this model knows no users; set query_vector and leave user, history and features out.`,
  );
}

function idOfKind(kind: 'integer' | 'string', integer: number | undefined, text: string | undefined, field: string) {
  const [wanted, other] = kind === 'integer' ? [integer, text] : [text, integer];
  if (other === undefined) return wanted;
  const [right, wrong] = kind === 'integer' ? ['integer', 'string'] : ['string', 'integer'];
  throw new WireRequestError(
    `${wrong}_${field}_id`,
    `${wrong}_${field}_id is set, but the ${field} ids of this model are ${right}s; set ${right}_${field}_id.`,
  );
}

function idsOfKind(kind: 'integer' | 'string', { integerIds, stringIds }: wire.IdList, field: string): readonly Id[] {
  const [wanted, other] = kind === 'integer' ? [integerIds, stringIds] : [stringIds, integerIds];
  if (other.length === 0) return wanted;
  const [right, wrong] = kind === 'integer' ? ['integer', 'string'] : ['string', 'integer'];
  throw new WireRequestError(
    `${field}.${wrong}_ids`,
    `${field}.${wrong}_ids is set, but the item ids of this model are ${right}s; set ${field}.${right}_ids.`,
  );
}

function checkFinite(features: readonly number[]): void {
  for (const [column, value] of features.entries()) {
    if (!Number.isFinite(value)) {
      throw new WireRequestError('features', `features[${column}] is ${value}, but it must be a finite number.`);
    }
  }
}
