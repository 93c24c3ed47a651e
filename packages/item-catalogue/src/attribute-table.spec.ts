import { AttributeSchema } from './attribute-schema';
import { AttributeTable } from './attribute-table';
import { NumbersColumn } from './columns';
import type { AttributeRecord } from './columns-of-records';

const schema = new AttributeSchema([
  { name: 'tags', kind: 'labels' },
  { name: 'price', kind: 'number' },
  { name: 'added', kind: 'date' },
]);

function refusalOf(records: readonly AttributeRecord[]): unknown {
  try {
    return AttributeTable.fromRecords(schema, records);
  } catch (error) {
    return error;
  }
}

describe('AttributeTable', () => {
  it('holds what records say', () => {
    const table = AttributeTable.fromRecords(schema, [
      { tags: ['b', 'a', 'b'], price: 1.1, added: '2026-01-01' },
      {},
      { tags: 7, price: null, added: '1970-01-01T01:00:00+01:00' },
      { tags: true, added: '1970-01-01 00:00:01' },
    ]);
    expect([0, 1, 2, 3].map((row) => table.recordAt(row))).toEqual([
      { tags: ['b', 'a'], price: 1.1, added: Date.UTC(2026, 0, 1) / 1000 },
      {},
      { tags: ['7'], added: 0 },
      { tags: ['true'], added: 1 },
    ]);
  });

  it.each<[string, AttributeRecord, string]>([
    ['tags', JSON.parse('{ "tags": [1] }') as AttributeRecord, 'tags must be a string or an array of strings.'],
    ['price', { price: '1' }, 'price must be a finite number.'],
    ['price', { price: Infinity }, 'price must be a finite number.'],
    ['added', { added: 'tomorrow' }, 'added must be an ISO 8601 date or a number of seconds since 1970.'],
    ['added', { added: '2026-13-01' }, 'added must be an ISO 8601 date or a number of seconds since 1970.'],
    [
      'colour',
      { colour: 'red' },
      'There is no attribute "colour"; the attributes are tags (labels), price (number), added (date).',
    ],
  ])('refuses a wrong value of %s', (attribute, record, message) => {
    expect(refusalOf([{}, record])).toMatchObject({ code: 'ATTRIBUTE_INVALID', attribute, record: 1, message });
  });

  it('refuses columns that do not fit the schema', () => {
    const number = new AttributeSchema([{ name: 'price', kind: 'number' }]);
    expect(() => new AttributeTable(number, [new NumbersColumn('number', new Float64Array(2))], 3)).toThrow(
      'The column of price must hold number for 3 rows.',
    );
    expect(() => new AttributeSchema([...number.attributes, ...number.attributes])).toThrow(
      'The attribute price is declared twice.',
    );
  });
});
