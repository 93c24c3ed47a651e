import type { FieldNames } from '@vector-recall/recall-service';

/** Fields of the service's requests by their names in `recall.proto`. */
const names: Readonly<Record<string, string>> = {
  userId: 'user',
  itemId: 'item',
  queryVector: 'query_vector',
  topK: 'top_k',
  excludeItemIds: 'exclude_item_ids',
  excludeSeen: 'exclude_seen',
  efSearch: 'ef_search',
  historyTypes: 'history_types',
  historyWeights: 'history_weights',
  negativeItemIds: 'negative_item_ids',
};

/** What the fields of a request are called in the contract. */
export const wireNames: FieldNames = {
  of: (field) => names[field] ?? field,
  ofKind: (field, kind) => {
    const name = names[field] ?? field;
    return field === 'userId' || field === 'itemId' ? `${kind}_${name}_id` : `${name}.${kind}_ids`;
  },
};
