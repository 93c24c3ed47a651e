import type { Dataset } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import type { TowerInputs } from '@vector-recall/towers';

/** What the towers read of a catalogue. The arrays are shared, not copied. */
export function towerInputs(catalogue: Catalogue): TowerInputs {
  const { userIds, itemIds, userFields, itemFields, context, eventTypes } = catalogue;
  return {
    users: { count: userIds.size, fields: userFields, context, eventTypes },
    items: { count: itemIds.size, fields: itemFields },
  };
}

/** A dataset as serving needs it. The histories are whole: what was held out is known when a user comes back. */
export function catalogueOf({ users, items, interactions }: Dataset): Catalogue {
  const { offsets, items: rows, types } = interactions;
  const told = types?.inHistories === true ? types : undefined;
  return {
    userIds: users.vocabulary,
    itemIds: items.vocabulary,
    names: items.names,
    userFields: users.fields,
    itemFields: items.fields,
    context: interactions.context?.map(({ name, labels }) => ({ name, labels, count: labels.length })),
    ...(told && { eventTypes: told.names }),
    history: { offsets, items: rows, ...(told && { types: Int32Array.from(told.values) }) },
  };
}
