import { IdTable, type Catalogue } from '@vector-recall/model-store';
import { mapItems } from './map-items';

const group = Array.from({ length: 12 }, (_, row) => row % 2);

/** Twelve items of two categories; the last has no events. */
const catalogue: Catalogue = {
  userIds: new IdTable('users', [1], 'integer'),
  itemIds: new IdTable(
    'items',
    group.map((_, row) => 100 + row),
    'integer',
  ),
  itemFields: [{ kind: 'category', name: 'kind', count: 2, labels: ['a', 'b'], values: Int32Array.from(group) }],
  history: { offsets: Int32Array.of(0, 11), items: Int32Array.from({ length: 11 }, (_, row) => row) },
};

/** `[12, 2]`: each category in a corner of its own. */
const vectors = Float32Array.from(group.flatMap((kind, row) => [kind + row / 100, 1 - kind - row / 100]));

describe('mapItems', () => {
  it('places the items that have events between -1 and 1, each with its category', () => {
    const points = mapItems(catalogue, vectors, 2)?.points ?? [];
    expect(points.map(({ category }) => category)).toEqual(group.slice(0, 11).map((kind) => 'ab'[kind]));
    const all = points.flatMap(({ x, y }) => [x, y]);
    expect([Math.min(...all), Math.max(...all)]).toEqual([-1, 1]);
  });

  it('makes no map of two items', () => {
    const history = { offsets: Int32Array.of(0, 2), items: Int32Array.of(3, 4) };
    expect(mapItems({ ...catalogue, history }, vectors, 2)).toBeUndefined();
  });
});
