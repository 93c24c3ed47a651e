import type { InteractionLog } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { FieldInput, TowerInputs } from '@vector-recall/towers';

/**
 * A world without meaning of the PyTorch reference's sizes: 10,000 users, 32 features on both sides, 100 categories,
 * 5 of 1000 tags an item.
 */
const USERS = 10_000;
const EVENTS_PER_USER = 60;
const FEATURES = 32;
const CATEGORIES = 100;
const TAGS = 1000;
const TAGS_PER_ITEM = 5;

function randomFeatures(rows: number, random: RandomStream): FieldInput {
  const values = Float32Array.from({ length: rows * FEATURES }, () => random.uniform() * 2 - 1);
  return { kind: 'numbers', name: 'features', width: FEATURES, values };
}

export function randomInputs(items: number, random: RandomStream): TowerInputs {
  const draw = (length: number, bound: number): Int32Array => Int32Array.from({ length }, () => random.integer(bound));
  return {
    users: { count: USERS, fields: [randomFeatures(USERS, random)] },
    items: {
      count: items,
      fields: [
        { kind: 'category', name: 'category', count: CATEGORIES, values: draw(items, CATEGORIES) },
        {
          kind: 'tags',
          name: 'tags',
          count: TAGS,
          offsets: Int32Array.from({ length: items + 1 }, (_, item) => item * TAGS_PER_ITEM),
          values: draw(items * TAGS_PER_ITEM, TAGS),
        },
        randomFeatures(items, random),
      ],
    },
  };
}

export function randomLog(itemCount: number, random: RandomStream): InteractionLog {
  const events = USERS * EVENTS_PER_USER;
  return {
    userCount: USERS,
    itemCount,
    offsets: Int32Array.from({ length: USERS + 1 }, (_, user) => user * EVENTS_PER_USER),
    items: Int32Array.from({ length: events }, () => random.integer(itemCount)),
    timestamps: Float64Array.from({ length: events }, (_, event) => event),
  };
}
