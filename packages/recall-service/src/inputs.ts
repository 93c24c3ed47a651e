import { numbersOf } from '@vector-recall/model-store';
import type { ServingData } from './artifact/load-serving-data';
import type { RecallInput, RecallSource } from './recall';
import type { ParsedRequest } from './request/request-parser';

/** What a request may rest on. */
export function inputsOf({ users, catalogue }: ServingData): RecallInput[] {
  if (users === undefined) return ['queryVector'];
  return [
    'userId',
    ...(users.tower.historyLength > 0 ? (['history'] as const) : []),
    ...(numbersOf(catalogue.userFields) === undefined ? [] : (['features'] as const)),
    'queryVector',
  ];
}

/** @param vector what the search went by; absent where there was none */
export function sourceOf(request: ParsedRequest, vector: Float32Array | undefined): RecallSource {
  if (request.vector !== undefined) return 'vector';
  if (vector === undefined) return 'popularity';
  return request.userRow >= 0 ? 'model' : 'history';
}
