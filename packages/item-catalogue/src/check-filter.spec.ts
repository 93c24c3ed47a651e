import { AttributeSchema } from './attribute-schema';
import { checkFilter } from './check-filter';
import type { Filter } from './filter';

const schema = new AttributeSchema([
  { name: 'brand', kind: 'labels' },
  { name: 'price', kind: 'number' },
  { name: 'added', kind: 'date' },
]);
const brands: Filter = { kind: 'labels', attribute: 'brand', values: ['x'], mode: 'any' };

function nested(depth: number): Filter {
  return depth === 1 ? brands : { kind: 'not', filter: nested(depth - 1) };
}

function refusalOf(filter: Filter): unknown {
  try {
    checkFilter(filter, schema);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('checkFilter', () => {
  it.each<[string, Filter, string]>([
    [
      'allOf[1].labels.attribute',
      { kind: 'allOf', filters: [brands, { ...brands, attribute: 'colour' }] },
      'There is no attribute "colour"; the attributes are brand (labels), price (number), added (date).',
    ],
    [
      'not.range.attribute',
      { kind: 'not', filter: { kind: 'range', attribute: 'brand', min: 1 } },
      'The attribute brand holds labels, so it cannot be compared with numbers or dates.',
    ],
    [
      'age.attribute',
      { kind: 'age', attribute: 'price', max: 1 },
      'The attribute price holds numbers, so it cannot be compared with dates.',
    ],
    ['range', { kind: 'range', attribute: 'price' }, 'range has no bound; set min, max or both.'],
    ['range.min', { kind: 'range', attribute: 'price', min: NaN }, 'range.min must be a number.'],
    ['labels.values', { ...brands, values: [] }, 'labels.values is empty; it must have at least one entry.'],
    ['anyOf', { kind: 'anyOf', filters: [] }, 'anyOf is empty; it must have at least one entry.'],
    ['ids', { kind: 'ids', ids: [1.5] }, 'ids must be an array of integers or strings.'],
    [
      'ids',
      { kind: 'ids', ids: Array.from({ length: 20_001 }, (_, i) => i) },
      'The filter has more than 20000 values; use fewer labels and ids.',
    ],
    [
      'anyOf[255]',
      { kind: 'anyOf', filters: Array.from({ length: 256 }, () => brands) },
      'The filter has more than 256 parts; list values in one part.',
    ],
    [
      Array.from({ length: 8 }, () => 'not').join('.'),
      nested(9),
      'The filter is nested more than 8 deep; write it with fewer levels.',
    ],
  ])('refuses %s', (path, filter, message) => {
    expect(refusalOf(filter)).toMatchObject({ code: 'FILTER_INVALID', path, message });
  });

  it('says that a catalogue has no attributes', () => {
    expect(() => {
      checkFilter(brands, new AttributeSchema([]));
    }).toThrow('There is no attribute "brand"; this catalogue has no attributes.');
  });

  it('lets the deepest filter pass', () => {
    expect(() => {
      checkFilter(nested(8), schema);
    }).not.toThrow();
  });
});
