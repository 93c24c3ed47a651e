import { printFilter } from '@vector-recall/item-catalogue';
import type { ServedAnswer } from './served-answer';

/** The lines of one answer, each with its line break. */
export interface ServedLines {
  /** One line. */
  readonly request: string;
  /** One line an item, best first. */
  readonly impressions: string;
}

/** Columns of impressions beside the context. */
export const impressionColumns = ['request', 'user', 'item', 'at', 'rank', 'score'];

/** Names of the context that become columns: those that are no columns already. */
export function contextColumns(names: readonly string[]): string[] {
  return names.filter((name) => !impressionColumns.includes(name)).toSorted();
}

export function linesOf(answer: ServedAnswer): ServedLines {
  const { requestId, at, method, version, request, result } = answer;
  const { itemIds, scores, latencyMs, filter: outcome } = result;
  const { filter, ...asked } = request;
  const head = {
    request: requestId,
    at,
    method,
    version,
    source: 'source' in result ? result.source : undefined,
    latencyMs,
    returned: itemIds.length,
    matches: outcome?.matches,
    filter: typeof filter === 'object' ? printFilter(filter) : filter,
    ...asked,
  };
  const context = 'context' in request ? request.context : undefined;
  // Every line has every column: a reader tells a column that is empty from one that there is not.
  const columns = Object.fromEntries(
    contextColumns(answer.contextNames).map((name) => [name, context?.[name] ?? null]),
  );
  const user = 'userId' in request && request.userId !== undefined ? request.userId : null;
  let impressions = '';
  for (const [place, item] of itemIds.entries()) {
    const row = { request: requestId, user, item, at, rank: place + 1, score: scores[place], ...columns };
    impressions += `${JSON.stringify(row)}\n`;
  }
  return { request: `${JSON.stringify(head, plainArrays)}\n`, impressions };
}

/** Typed arrays would become objects. */
function plainArrays(_: string, value: unknown): unknown {
  return value instanceof Float32Array ? Array.from(value) : value;
}
