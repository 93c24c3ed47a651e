import type { Catalogue } from '@vector-recall/model-store';
import type { TowerInputs } from '@vector-recall/towers/serving';

/** The columns of a catalogue as the towers take them; shared, not copied. */
export function towerInputs({
  userIds,
  itemIds,
  userFeatures,
  itemFeatures,
  categories,
  tags,
}: Catalogue): TowerInputs {
  return {
    users: { count: userIds.size, features: userFeatures },
    items: {
      count: itemIds.size,
      categories: categories && { count: categories.labels.length, values: categories.values },
      tags: tags && { count: tags.labels.length, offsets: tags.offsets, values: tags.values },
      features: itemFeatures,
    },
  };
}
