import type { Dataset } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import type { TowerInputs } from '@vector-recall/towers';

/** What the towers read of a catalogue; inputs that it lacks are absent. The arrays are shared, not copied. */
export function towerInputs(catalogue: Catalogue): TowerInputs {
  const { categories, tags } = catalogue;
  return {
    users: { count: catalogue.userIds.size, features: catalogue.userFeatures },
    items: {
      count: catalogue.itemIds.size,
      categories: categories && { count: categories.labels.length, values: categories.values },
      tags: tags && { count: tags.labels.length, offsets: tags.offsets, values: tags.values },
      features: catalogue.itemFeatures,
    },
  };
}

/** A dataset as serving needs it. The histories are whole: what was held out is known when a user comes back. */
export function catalogueOf({ users, items, interactions }: Dataset): Catalogue {
  return {
    userIds: users.vocabulary,
    itemIds: items.vocabulary,
    names: items.names,
    categories: items.categories,
    tags: items.tags,
    itemFeatures: items.features,
    userFeatures: users.features,
    history: { offsets: interactions.offsets, items: interactions.items },
  };
}
