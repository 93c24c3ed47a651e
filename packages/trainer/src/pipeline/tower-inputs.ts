import type { Dataset } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import type { TowerInputs } from '@vector-recall/towers';

/** What the towers read of a catalogue. The arrays are shared, not copied. */
export function towerInputs({ userIds, itemIds, userFields, itemFields, context }: Catalogue): TowerInputs {
  return {
    users: { count: userIds.size, fields: userFields, context },
    items: { count: itemIds.size, fields: itemFields },
  };
}

/** A dataset as serving needs it. The histories are whole: what was held out is known when a user comes back. */
export function catalogueOf({ users, items, interactions }: Dataset): Catalogue {
  return {
    userIds: users.vocabulary,
    itemIds: items.vocabulary,
    names: items.names,
    userFields: users.fields,
    itemFields: items.fields,
    context: interactions.context?.map(({ name, labels }) => ({ name, labels, count: labels.length })),
    history: { offsets: interactions.offsets, items: interactions.items },
  };
}
