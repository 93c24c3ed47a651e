import fc from 'fast-check';
import type { Bounds, Filter } from '../filter';
import { parseFilter } from './parse-filter';
import { printFilter } from './print-filter';

const attributes = fc.oneof(
  fc.constantFrom('brand', 'price', 'id', 'not', 'age', 'in', 'größe', 'a-b.c', 'two words', '1st', 'Infinitys'),
  fc.string({ minLength: 1 }),
);
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true })).map((value) => value + 0);
const bounds = fc.oneof(
  fc.record({ min: numbers, max: numbers }),
  fc.record({ min: numbers, max: numbers, excludesMin: fc.constant(true as const) }),
  fc.record({ min: numbers, max: numbers, excludesMax: fc.constant(true as const) }),
  fc.record({ min: numbers }),
  fc.record({ max: numbers, excludesMax: fc.constant(true as const) }),
);
const { filters } = fc.letrec<{ filters: Filter }>((tie) => {
  const lists = fc.array(tie('filters'), { minLength: 2, maxLength: 3 });
  return {
    filters: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      fc.record({
        kind: fc.constant('labels' as const),
        attribute: attributes,
        values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
        mode: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
      }),
      fc.tuple(attributes, bounds).map(([attribute, range]) => ({ kind: 'range' as const, attribute, ...range })),
      fc.tuple(attributes, bounds).map(([attribute, range]) => ({ kind: 'age' as const, attribute, ...range })),
      fc.record({
        kind: fc.constant('ids' as const),
        ids: fc.array(fc.oneof(fc.maxSafeInteger(), fc.string()), { minLength: 1 }),
      }),
      lists.map((list) => ({ kind: 'allOf' as const, filters: list })),
      lists.map((list) => ({ kind: 'anyOf' as const, filters: list })),
      fc.record({ kind: fc.constant('not' as const), filter: tie('filters') }),
    ),
  };
});

function range(attribute: string, given: Bounds): Filter {
  return { kind: 'range', attribute, ...given };
}

describe('the text of a filter', () => {
  it('reads what it prints', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, Filter]>([
    [
      'category in ("shoes") and price < 50 and not brand = "x"',
      {
        kind: 'allOf',
        filters: [
          { kind: 'labels', attribute: 'category', values: ['shoes'], mode: 'any' },
          range('price', { max: 50, excludesMax: true }),
          { kind: 'not', filter: { kind: 'labels', attribute: 'brand', values: ['x'], mode: 'any' } },
        ],
      },
    ],
    ['price in (1, 5]', range('price', { min: 1, max: 5, excludesMin: true })],
    ['price = -2.5', range('price', { min: -2.5, max: -2.5 })],
    ['added >= 2026-01-31', range('added', { min: Date.UTC(2026, 0, 31) / 1000 })],
    ['added < 2026-01-31T10:00:00+02:00', range('added', { max: Date.UTC(2026, 0, 31, 8) / 1000, excludesMax: true })],
    ['age(added) <= 7d', { kind: 'age', attribute: 'added', max: 7 * 86_400 }],
    ['age(added) in [30m, 1.5h)', { kind: 'age', attribute: 'added', min: 1800, max: 5400, excludesMax: true }],
    ['age(added) < Infinitys', { kind: 'age', attribute: 'added', max: Infinity, excludesMax: true }],
    ['brand != "x"', { kind: 'labels', attribute: 'brand', values: ['x'], mode: 'none' }],
    ['id not in (1, "b")', { kind: 'not', filter: { kind: 'ids', ids: [1, 'b'] } }],
    [
      'a = 1 or b = 2 and c = 3',
      {
        kind: 'anyOf',
        filters: [
          range('a', { min: 1, max: 1 }),
          { kind: 'allOf', filters: [range('b', { min: 2, max: 2 }), range('c', { min: 3, max: 3 })] },
        ],
      },
    ],
  ])('reads %s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each([
    ['price <', 7, 'expected a number or a date'],
    ['price < "5"', 8, 'expected a number or a date'],
    ['price 5', 6, 'expected in, not in, has all, =, !=, <, <=, > or >='],
    ['(price < 5', 10, 'expected )'],
    ['price < 5 brand = "x"', 10, 'expected and, or, or the end'],
    ["brand = 'x'", 8, 'text goes in double quotes'],
    ['brand = "x', 8, 'this " has no end'],
    ['brand in ()', 10, 'expected text in double quotes'],
    ['price < 5 & brand = "x"', 10, 'there is no & in filters'],
    ['added > 2026-02-31', 8, '2026-02-31 is no date of the calendar'],
    ['age(added) < 7', 13, 'expected a duration such as 30m, 12h or 7d'],
    ['id = 7', 3, 'expected in or not in after id'],
    ['', 0, 'expected an attribute, not or ('],
    [`${'('.repeat(40)}a = 1`, 32, 'this is nested too deep'],
  ])('points at what is wrong in %s', (text, at, problem) => {
    const caret = `  ${text}\n  ${' '.repeat(at)}^`;
    expect(() => parseFilter(text)).toThrow(`The filter cannot be read: ${problem}, at character ${at + 1}:\n${caret}`);
  });
});
