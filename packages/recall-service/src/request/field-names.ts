import type { RecallRequest, SimilarItemsRequest } from '../recall';

export type RequestField = keyof RecallRequest | keyof SimilarItemsRequest;

/** What the fields of a request are called: a contract such as that of the wire has names of its own. */
export interface FieldNames {
  of(field: string): string;
  /** Of a field that holds ids, where it holds those of one kind. */
  ofKind(field: string, kind: 'integer' | 'string'): string;
}

/** The names of this package's own types. */
export const ownNames: FieldNames = {
  of: (field) => field,
  ofKind: (field, kind) => {
    if (field === 'history' || field === 'excludeItemIds' || field === 'negativeItemIds') return `${field} of ${kind}s`;
    return kind === 'integer' ? `an integer ${field}` : `a string ${field}`;
  },
};
