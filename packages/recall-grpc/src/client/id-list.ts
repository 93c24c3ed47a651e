import type { IdList } from '../gen/recall/v1/recall';
import { ClientRequestError } from './errors';
import type { Id } from './types';

/** @throws ClientRequestError where ids are of both kinds */
export function idList(field: string, ids: readonly Id[]): IdList {
  const integerIds = ids.filter((id) => typeof id === 'number');
  const stringIds = ids.filter((id) => typeof id === 'string');
  if (integerIds.length > 0 && stringIds.length > 0) {
    throw new ClientRequestError(field, `${field} has integers and strings; a catalogue has ids of one kind.`);
  }
  integerIds.forEach((id, i) => checkInteger(`${field}[${i}]`, id));
  return { integerIds, stringIds };
}

export function checkUint32(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new ClientRequestError(field, `${field} is ${value}, but it must be an integer of at least 0.`);
}

export function checkInteger(field: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ClientRequestError(
    field,
    `${field} is ${value}, but an integer id must be from -${Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}.`,
  );
}
