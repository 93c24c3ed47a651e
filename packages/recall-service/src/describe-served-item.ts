import { describeItem, type ItemDescription } from '@vector-recall/model-store';
import type { ServingData } from './artifact/load-serving-data';
import { resolveId } from './request/resolve-id';

/**
 * What people call an item, as the catalogue is now.
 * @returns `undefined` where the catalogue does not hold the item
 */
export function describeServedItem(
  { catalogue, live }: Pick<ServingData, 'catalogue' | 'live'>,
  id: number | string,
): ItemDescription | undefined {
  const row = resolveId(catalogue.itemIds, id);
  if (row === undefined) return undefined;
  const changed = live?.item(catalogue.itemIds.idAt(row));
  if (changed === undefined) return describeItem(catalogue, row);
  if (changed.kind === 'delete-item') return undefined;
  const { name } = changed.item;
  return { id: changed.item.id, ...(name === undefined ? {} : { name }) };
}
