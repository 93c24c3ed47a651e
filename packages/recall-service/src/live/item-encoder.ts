import type { LiveItem } from '@vector-recall/live-index';
import type { Catalogue } from '@vector-recall/model-store';
import type { ServingItemTower } from '@vector-recall/towers/serving';
import { itemFields } from './item-fields';

/** Makes the vectors of items from their attributes. */
export class ItemEncoder {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly tower: ServingItemTower,
  ) {}

  /**
   * The vector of an item; one that the model was not trained on is known by its attributes alone.
   * @returns `[dim]`
   * @throws LiveChangeError
   */
  encode(item: LiveItem): Float32Array {
    const { itemIds, itemFields: fields = [] } = this.catalogue;
    const items = Int32Array.of(itemIds.rowOf(item.id) ?? -1);
    return this.tower.encode({ items, fields: itemFields(fields, item) });
  }
}
