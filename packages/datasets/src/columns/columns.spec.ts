import { float64Column, int32Column } from './growable';
import { CategoryBuilder, rarestLabel, TagBuilder } from './labels';
import { selectLabels } from './select-rows';

describe('GrowableColumn', () => {
  it('keeps values over many growths', () => {
    const column = int32Column();
    for (let value = 0; value < 10_000; value++) column.push(value * 3);
    expect(column.length).toBe(10_000);
    expect(column.at(9999)).toBe(29_997);
    expect(column.toArray()).toEqual(Int32Array.from({ length: 10_000 }, (_, value) => value * 3));
    expect(column.view()).toHaveLength(10_000);
  });

  it('holds what its type holds', () => {
    const column = float64Column();
    column.push(0.1);
    expect([...column.toArray()]).toEqual([0.1]);
  });
});

describe('CategoryBuilder', () => {
  it('leaves rows without a label unknown', () => {
    const categories = new CategoryBuilder();
    categories.set(1, 'b');
    categories.set(2, '');
    categories.set(3, 'a');
    categories.set(4, 'b');
    expect(categories.build('letter', 6)).toEqual({
      kind: 'category',
      name: 'letter',
      labels: ['b', 'a'],
      count: 2,
      values: Int32Array.of(-1, 0, -1, 1, 0, -1),
    });
  });

  it('is no column without labels', () => {
    const categories = new CategoryBuilder();
    categories.set(0, '');
    expect(categories.build('letter', 1)).toBeUndefined();
    expect(categories.toInputs('age', 1)).toEqual([]);
  });
});

describe('TagBuilder', () => {
  const tags = new TagBuilder();
  const pairs: [number, string][] = [
    [2, 'x'],
    [0, 'y'],
    [2, 'z'],
    [2, 'x'],
    [0, 'x'],
  ];
  for (const [row, label] of pairs) tags.add(row, label);

  it('groups by row and drops what comes twice', () => {
    expect(tags.build('tags', 4)).toEqual({
      kind: 'tags',
      name: 'tags',
      count: 3,
      labels: ['x', 'y', 'z'],
      offsets: Int32Array.of(0, 2, 2, 4, 4),
      values: Int32Array.of(1, 0, 0, 2),
    });
  });

  it('keeps the labels that it is asked to keep, by text and number of rows', () => {
    expect(tags.build('tags', 4, (label, rows) => label === 'z' || rows > 1)).toEqual({
      kind: 'tags',
      name: 'tags',
      count: 2,
      labels: ['x', 'z'],
      offsets: Int32Array.of(0, 1, 1, 3, 3),
      values: Int32Array.of(0, 0, 1),
    });
    expect(tags.build('tags', 4, () => false)).toBeUndefined();
  });
});

describe('rarestLabel', () => {
  const tags = new TagBuilder();
  [['Drama', 'Western'], ['Drama'], ['Drama', 'War', 'IMAX'], ['War'], []].forEach((labels, row) => {
    for (const label of labels) tags.add(row, label);
  });
  const column = tags.build('tags', 5);

  it('names each row by its label on the fewest rows', () => {
    if (column === undefined) throw new Error('The fixture has tags.');
    expect(rarestLabel('genre', column, (label) => label !== 'IMAX')).toEqual({
      kind: 'category',
      name: 'genre',
      count: 3,
      labels: ['Western', 'Drama', 'War'],
      values: Int32Array.of(0, 1, 2, 2, -1),
    });
    expect(rarestLabel('genre', column, (_, rows) => rows > 2)).toEqual({
      kind: 'category',
      name: 'genre',
      count: 1,
      labels: ['Drama'],
      values: Int32Array.of(0, 0, 0, -1, -1),
    });
  });
});

describe('selectLabels', () => {
  const rows = Int32Array.of(2, 0, 5);

  it('takes rows in the order asked for, and none beyond the end', () => {
    const category = {
      kind: 'category',
      name: 'c',
      labels: ['x', 'y'],
      count: 2,
      values: Int32Array.of(1, -1, 0),
    } as const;
    expect(selectLabels(category, rows)).toEqual({ ...category, values: Int32Array.of(0, 1, -1) });
    const lists = { offsets: Int32Array.of(0, 2, 2, 3), values: Int32Array.of(4, 1, 3) };
    const text = { kind: 'text', name: 't', count: 8, ...lists } as const;
    expect(selectLabels(text, rows)).toEqual({
      ...text,
      offsets: Int32Array.of(0, 1, 3, 3),
      values: Int32Array.of(3, 4, 1),
    });
  });
});
