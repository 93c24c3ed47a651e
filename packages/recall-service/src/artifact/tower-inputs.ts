import type { Catalogue } from '@vector-recall/model-store';
import type { TowerInputs } from '@vector-recall/towers/serving';

/** The fields of a catalogue as the towers take them; shared, not copied. */
export function towerInputs(catalogue: Catalogue): TowerInputs {
  const { userIds, itemIds, userFields, itemFields, context, eventTypes } = catalogue;
  return {
    users: { count: userIds.size, fields: userFields, context, eventTypes },
    items: { count: itemIds.size, fields: itemFields },
  };
}
