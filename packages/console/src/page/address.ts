import type { Query } from './contract.ts';

type Shared = Pick<Query, 'from' | 'id' | 'topK' | 'filter'>;

/** The query in the address of the page, which can be sent to somebody else; `undefined` where there is none. */
export function queryIn(search: string): Shared | undefined {
  const given = new URLSearchParams(search);
  const from = given.has('item') ? 'item' : 'user';
  const id = given.get(from) ?? '';
  if (id === '') return undefined;
  const topK = Number(given.get('k') ?? '');
  return { from, id, topK: Number.isInteger(topK) && topK > 0 ? topK : 20, filter: given.get('filter') ?? '' };
}

/** As {@link queryIn} reads it. */
export function addressOf({ from, id, topK, filter }: Shared): string {
  const given = new URLSearchParams({ [from]: id, k: String(topK) });
  if (filter !== '') given.set('filter', filter);
  return `?${given.toString()}`;
}
