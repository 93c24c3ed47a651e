import type { Dataset } from '@vector-recall/datasets';
import { idsOf } from '../testing/ids';
import { itemAttributes } from './item-attributes';

const items: Dataset['items'] = {
  vocabulary: idsOf(['tea', 'jam', 'rye']),
  fields: [
    { kind: 'category', name: 'shelf', labels: ['dry', 'wet'], count: 2, values: Int32Array.of(0, -1, 1) },
    {
      kind: 'tags',
      name: 'tags',
      labels: ['new', 'bio'],
      count: 2,
      offsets: Int32Array.of(0, 3, 3, 4),
      values: Int32Array.of(1, 0, 1, 0),
    },
    { kind: 'category', name: 'year', labels: ['2020'], count: 1, values: Int32Array.of(0, 0, 0) },
    { kind: 'text', name: 'title', count: 4, offsets: Int32Array.of(0, 1, 1, 1), values: Int32Array.of(2) },
  ],
  quantities: [
    { name: 'price', kind: 'number', values: Float64Array.of(19.99, NaN, 3) },
    { name: 'year', kind: 'number', values: Float64Array.of(2020, 2020, 2020) },
    { name: 'added', kind: 'date', values: Float64Array.of(5, 6, NaN) },
  ],
};

it('takes numbers and dates as the source has them, and labels', () => {
  const log = { userCount: 0, itemCount: 3, offsets: Int32Array.of(0), items: new Int32Array(0) };
  const table = itemAttributes({
    name: 'shop',
    users: { vocabulary: idsOf([]), fields: [] },
    items,
    interactions: { ...log, timestamps: new Float64Array(0) },
    notes: [],
  });
  expect(table.schema.attributes).toEqual([
    { name: 'price', kind: 'number' },
    { name: 'year', kind: 'number' },
    { name: 'added', kind: 'date' },
    { name: 'shelf', kind: 'labels' },
    { name: 'tags', kind: 'labels' },
  ]);
  expect([0, 1, 2].map((row) => table.recordAt(row))).toEqual([
    { price: 19.99, year: 2020, added: 5, shelf: ['dry'], tags: ['bio', 'new'] },
    { year: 2020, added: 6 },
    { price: 3, year: 2020, shelf: ['wet'], tags: ['new'] },
  ]);
});
