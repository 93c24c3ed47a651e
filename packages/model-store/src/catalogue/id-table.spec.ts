import { CatalogueError } from '../errors';
import { IdTable, idTableOf } from './id-table';

describe('IdTable', () => {
  it.each<[string, number[]]>([
    ['in a row', Array.from({ length: 5000 }, (_, i) => i)],
    ['with gaps that share their low bits', Array.from({ length: 5000 }, (_, i) => i * 2 ** 20)],
    ['negative and at the ends of the range', [-1, 0, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32]],
    ['none', []],
  ])('finds integer ids %s', (_, ids) => {
    const table = new IdTable('ids', ids, 'integer');
    expect(table.size).toBe(ids.length);
    ids.forEach((id, row) => {
      expect(table.rowOf(id)).toBe(row);
      expect(table.idAt(row)).toBe(id);
    });
    expect(table.rowOf(123_456_789_123)).toBeUndefined();
  });

  it('finds string ids, and tells them from integers', () => {
    const ids = ['', '7', 'tt0111161', 'Amélie', ...Array.from({ length: 3000 }, (_, i) => `user-${i}`)];
    const table = new IdTable('ids', ids, 'string');
    ids.forEach((id, row) => {
      expect(table.rowOf(id)).toBe(row);
    });
    expect(table.rowOf(7)).toBeUndefined();
    expect(table.rowOf('user-3000')).toBeUndefined();
  });

  it('refuses an id that stands twice', () => {
    const build = (): unknown => new IdTable('itemIds', ['a', 'b', 'a'], 'string');
    expect(build).toThrow(CatalogueError);
    expect(build).toThrow('The id "a" stands in rows 0 and 2 of itemIds; ids must differ.');
  });

  it.each([-1, 2, 0.5])('has no row %d', (row) => {
    expect(() => new IdTable('ids', [5, 6], 'integer').idAt(row)).toThrow(`Row ${row} is outside [0, 2).`);
  });

  it.each<[string, IdTable<number | string>]>([
    ['integers of 32 bits', new IdTable('ids', [7, -(2 ** 31), 2 ** 31 - 1], 'integer')],
    ['larger integers', new IdTable('ids', [7, 2 ** 31, Number.MIN_SAFE_INTEGER], 'integer')],
    ['strings', new IdTable('ids', ['7', '', 'Amélie'], 'string')],
  ])('is the same on another thread: %s', (_, table) => {
    const copy = idTableOf('ids', structuredClone(table.toParts()));
    expect(copy.kind).toBe(table.kind);
    // Twice: a string is made when it is first asked for.
    for (let round = 0; round < 2; round++) {
      for (let row = 0; row < table.size; row++) expect(copy.idAt(row)).toBe(table.idAt(row));
    }
    for (let row = 0; row < table.size; row++) expect(copy.rowOf(table.idAt(row))).toBe(row);
    expect(() => copy.idAt(3)).toThrow('Row 3 is outside [0, 3).');
  });
});
