import { IntegerTable } from './integer-table';
import { StringTable } from './string-table';
import { integerVocabulary, rangeVocabulary, selectRows, stringVocabulary } from './vocabularies';

describe('IntegerTable', () => {
  it.each([
    ['in a row', (index: number) => index],
    ['that agree in their lower 32 bits', (index: number) => index * 2 ** 32],
    ['below zero', (index: number) => -index * 7919],
  ])('holds thousands of keys %s', (_, keyAt) => {
    const table = new IntegerTable();
    for (let row = 0; row < 5000; row++) table.add(keyAt(row), row);
    for (let row = 0; row < 5000; row++) expect(table.get(keyAt(row))).toBe(row);
    expect(table.get(keyAt(5000))).toBeUndefined();
  });
});

describe('StringTable', () => {
  it('begins a new Map before one overflows', () => {
    const table = new StringTable(2);
    ['a', 'b', 'c', 'd', 'e'].forEach((key, row) => {
      table.add(key, row);
    });
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => table.get(key))).toEqual([0, 1, 2, 3, 4, undefined]);
  });
});

describe('vocabularies', () => {
  it('counts a range without a table', () => {
    const range = rangeVocabulary(3, 1);
    expect([range.idAt(0), range.idAt(2)]).toEqual([1, 3]);
    expect([0, 1, 3, 4, 1.5, '1'].map((id) => range.rowOf(id))).toEqual([
      undefined,
      0,
      2,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['integers', integerVocabulary(Float64Array.of(10, 20, 30)), [30, 10]],
    ['strings', stringVocabulary(['a', 'b', 'c']), ['c', 'a']],
    ['a range', rangeVocabulary(3, 1), [3, 1]],
  ])('selects rows of %s', (_, vocabulary, expected) => {
    const selected = selectRows(vocabulary, Int32Array.of(2, 0));
    expect([selected.idAt(0), selected.idAt(1)]).toEqual(expected);
    expect([selected.size, selected.rowOf(expected[1]), selected.rowOf(vocabulary.idAt(1))]).toEqual([2, 1, undefined]);
  });
});
