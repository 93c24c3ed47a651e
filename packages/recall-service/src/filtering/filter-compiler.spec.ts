import fc from 'fast-check';
import { AttributeSchema, AttributeTable } from '@vector-recall/item-catalogue';
import { IdTable } from '@vector-recall/model-store';
import { LiveIds } from '@vector-recall/live-index';
import { FilterCompiler } from './filter-compiler';
import { LiveAttributes } from './live-attributes';

const table = AttributeTable.fromRecords(
  new AttributeSchema([
    { name: 'price', kind: 'number' },
    { name: 'added', kind: 'date' },
  ]),
  [
    { price: 5, added: 90 },
    { price: 20, added: 100 },
  ],
);
const ids = new IdTable('itemIds', ['7', 'b'], 'string');

describe('FilterCompiler', () => {
  it('evaluates a filter once, whether it comes as text or as an object', () => {
    const compiler = new FilterCompiler(table, ids);
    const first = compiler.compile('price < 10', 0);
    expect([...first.toRows()]).toEqual([0]);
    expect(compiler.compile('price < 10', 1e9)).toBe(first);
    const ofObject = compiler.compile({ kind: 'range', attribute: 'price', max: 10 }, 0);
    expect(compiler.compile({ kind: 'range', attribute: 'price', max: 10 }, 5)).toBe(ofObject);
    expect(compiler.size).toBe(2);
  });

  it('evaluates ages anew as time goes on, also backwards', () => {
    const compiler = new FilterCompiler(table, ids);
    const rowsAt = (now: number) => [...compiler.compile('age(added) <= 10s', now).toRows()];
    expect([rowsAt(100), rowsAt(100.5), rowsAt(101), rowsAt(99), rowsAt(200)]).toEqual([
      [0, 1],
      [0, 1],
      [1],
      [0, 1],
      [],
    ]);
  });

  it('finds string ids by integers, as requests do', () => {
    expect([...new FilterCompiler(table, ids).compile('id in (7, "c")', 0).toRows()]).toEqual([0]);
  });

  it('follows what changes while it serves', () => {
    const live = new LiveAttributes(table.schema, 2);
    const later = new LiveIds(ids);
    const compiler = new FilterCompiler(table, later, { live });
    const rowsOf = (text: string) => [...compiler.compile(text, 100).toRows()];
    expect(rowsOf('price < 10')).toEqual([0]);
    live.set(0, { price: 30 });
    live.set(later.add('c'), { price: 1, colour: 'red', added: 'soon' });
    live.set(later.add('d'), undefined);
    live.set(1, undefined);
    expect(rowsOf('price < 10')).toEqual([2]);
    expect(rowsOf('price >= 10')).toEqual([0, 1]);
    expect(rowsOf('not price < 10')).toEqual([0, 1, 3]);
    expect(rowsOf('id in ("7", "c", "d")')).toEqual([0, 2, 3]);
    expect(rowsOf('added >= 0')).toEqual([1]);
    live.set(0, undefined);
    expect(rowsOf('price < 10')).toEqual([0, 2]);
  });

  it('selects what it would select if it were evaluated anew, whatever was changed in between', () => {
    const stored = 40;
    const schema = new AttributeSchema([
      { name: 'price', kind: 'number' },
      { name: 'brand', kind: 'labels' },
    ]);
    const record = fc.record({ price: fc.integer({ max: 9, min: 0 }), brand: fc.constantFrom('a', 'b', 'c') });
    const change = fc.record({ row: fc.nat({ max: stored + 9 }), attributes: fc.option(record, { nil: undefined }) });
    const filters = ['price < 5', 'not brand in ("a", "b")', 'id in ("i3", "i41") or price >= 8'];
    const base = AttributeTable.fromRecords(
      schema,
      Array.from({ length: stored }, (_, row) => ({ price: row % 10, brand: 'abc'[row % 3] })),
    );
    const itemIds = new LiveIds(
      new IdTable(
        'itemIds',
        Array.from({ length: stored }, (_, row) => `i${row}`),
        'string',
      ),
    );
    for (let row = stored; row < stored + 10; row++) itemIds.add(`i${row}`);
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 8 }), (rounds) => {
        const live = new LiveAttributes(schema, stored);
        const kept = new FilterCompiler(base, itemIds, { live });
        for (const changes of rounds) {
          for (const { row, attributes } of changes) live.set(row, attributes);
          for (const filter of filters) {
            const anew = new FilterCompiler(base, itemIds, { live }).compile(filter, 0);
            expect([...kept.compile(filter, 0).toRows()]).toEqual([...anew.toRows()]);
          }
        }
      }),
    );
  });

  it('evaluates anew what was last asked for too many changes ago', () => {
    const live = new LiveAttributes(table.schema, 2);
    const compiler = new FilterCompiler(table, ids, { live });
    expect([...compiler.compile('price < 10', 0).toRows()]).toEqual([0]);
    live.set(0, { price: 30 });
    for (let n = 0; n < 140_000; n++) live.set(1, { price: n % 100 });
    expect(live.since(1)).toBeUndefined();
    live.set(1, { price: 9 });
    expect([...compiler.compile('price < 10', 0).toRows()]).toEqual([1]);
  });

  it('counts both sets of a filter that has followed changes', () => {
    const live = new LiveAttributes(table.schema, 2);
    const bytes = 2 * 'price < 1'.length + 8;
    const compiler = new FilterCompiler(table, ids, { live, mostBytes: 2 * bytes });
    const compileBoth = (): void => {
      for (const text of ['price < 1', 'price < 2']) compiler.compile(text, 0);
    };
    compileBoth();
    expect(compiler.size).toBe(2);
    live.set(0, { price: 30 });
    compileBoth();
    expect(compiler.size).toBe(1);
  });

  it('forgets what was not used for longest', () => {
    const bytes = 2 * 'price < 1'.length + 8;
    const compiler = new FilterCompiler(table, ids, { mostBytes: 2 * bytes });
    const [first, second] = ['price < 1', 'price < 2'].map((text) => compiler.compile(text, 0));
    expect(compiler.compile('price < 1', 0)).toBe(first);
    compiler.compile('price < 3', 0);
    expect(compiler.size).toBe(2);
    expect(compiler.compile('price < 1', 0)).toBe(first);
    expect(compiler.compile('price < 2', 0)).not.toBe(second);
  });
});
