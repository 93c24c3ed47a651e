import fc from 'fast-check';
import { AttributeSchema } from './attribute-schema';
import { AttributeTable } from './attribute-table';
import { checkFilter } from './check-filter';
import type { AttributeRecord } from './columns-of-records';
import type { Bounds, Filter } from './filter';

const schema = new AttributeSchema([
  { name: 'brand', kind: 'labels' },
  { name: 'price', kind: 'number' },
  { name: 'added', kind: 'date' },
]);
const now = 1_000;
const records = fc.array(
  fc.record(
    {
      brand: fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.uniqueArray(fc.constantFrom('a', 'b', 'c'))),
      price: fc.integer({ min: -3, max: 3 }),
      added: fc.integer({ min: 990, max: 1_000 }),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 140 },
);
const bounds = fc
  .record(
    {
      min: fc.integer({ min: -4, max: 4 }),
      max: fc.integer({ min: -4, max: 4 }),
      excludesMin: fc.boolean(),
      excludesMax: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .filter(({ min, max }) => min !== undefined || max !== undefined);

const { filters } = fc.letrec<{ filters: Filter }>((tie) => {
  const lists = fc.array(tie('filters'), { minLength: 1, maxLength: 3 });
  return {
    filters: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      fc.record({
        kind: fc.constant('labels' as const),
        attribute: fc.constant('brand'),
        values: fc.array(fc.constantFrom('a', 'b', 'c', 'unknown'), { minLength: 1 }),
        mode: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
      }),
      bounds.map((range) => ({ kind: 'range' as const, attribute: 'price', ...range })),
      bounds.map((range) => ({ kind: 'age' as const, attribute: 'added', ...range })),
      fc.record({ kind: fc.constant('ids' as const), ids: fc.array(fc.integer(), { minLength: 1 }) }),
      lists.map((list) => ({ kind: 'allOf' as const, filters: list })),
      lists.map((list) => ({ kind: 'anyOf' as const, filters: list })),
      fc.record({ kind: fc.constant('not' as const), filter: tie('filters') }),
    ),
  };
});

function isWithin(value: unknown, { min = -Infinity, max = Infinity, excludesMin, excludesMax }: Bounds): boolean {
  if (typeof value !== 'number') return false;
  return (excludesMin ? value > min : value >= min) && (excludesMax ? value < max : value <= max);
}

/** What a filter means, item by item. */
function selects(filter: Filter, record: AttributeRecord, id: number): boolean {
  switch (filter.kind) {
    case 'allOf':
      return filter.filters.every((inner) => selects(inner, record, id));
    case 'anyOf':
      return filter.filters.some((inner) => selects(inner, record, id));
    case 'not':
      return !selects(filter.filter, record, id);
    case 'labels': {
      const has = (value: string): boolean => [record.brand].flat().includes(value);
      if (filter.mode === 'all') return filter.values.every(has);
      return filter.values.some(has) === (filter.mode === 'any');
    }
    case 'range':
      return isWithin(record.price, filter);
    case 'age':
      return typeof record.added === 'number' && isWithin(now - record.added, filter);
    case 'ids':
      return filter.ids.includes(id);
  }
}

describe('rowsMatching', () => {
  it('selects what the filter selects item by item', () => {
    fc.assert(
      fc.property(records, filters, (list, filter) => {
        const table = AttributeTable.fromRecords(schema, list);
        checkFilter(filter, schema);
        const rows = table.rowsMatching(filter, { now, rowOf: (id) => rowOf(id, list.length) });
        const expected = list.flatMap((record, row) => (selects(filter, record, row) ? [row] : []));
        expect([...rows.toRows()]).toEqual(expected);
        expect(rows.size).toBe(expected.length);
        expect(expected.every((row) => rows.has(row))).toBe(true);
        expect(rows.has(list.length)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('excludes a bound of zero and of the smallest doubles', () => {
    const table = AttributeTable.fromRecords(schema, [{ price: 0 }, { price: -0 }, { price: Number.MIN_VALUE }]);
    const above = { kind: 'range', attribute: 'price', min: -0, excludesMin: true } as const;
    expect([...table.rowsMatching(above, { now, rowOf: () => undefined }).toRows()]).toEqual([2]);
    const below = { kind: 'range', attribute: 'price', max: Number.MIN_VALUE, excludesMax: true } as const;
    expect([...table.rowsMatching(below, { now, rowOf: () => undefined }).toRows()]).toEqual([0, 1]);
  });
});

function rowOf(id: number | string, count: number): number | undefined {
  return typeof id === 'number' && id >= 0 && id < count ? id : undefined;
}
