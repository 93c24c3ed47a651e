import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CatalogueError } from '../errors';
import { writeNpy } from '../npy/npy-writer';
import { useTemporaryFolder } from '../testing/temporary-folder';
import type { Catalogue, IdColumn } from './catalogue';
import { putTogether, takeApart } from './catalogue-parts';
import { fieldFile } from './field-files';
import { IdTable } from './id-table';
import { readCatalogue } from './read-catalogue';
import { writeCatalogue } from './write-catalogue';

const folder = useTemporaryFolder();
const path = (file: string): string => join(folder.path, file);

const small: Catalogue = {
  userIds: new IdTable('userIds', [10, 20], 'integer'),
  itemIds: new IdTable('itemIds', ['a', 'b', 'c'], 'string'),
  history: { offsets: Int32Array.of(0, 2, 3), items: Int32Array.of(2, 0, 1) },
};

const full: Catalogue = {
  ...small,
  names: ['Alien', '', 'Brazil'],
  itemFields: [
    { kind: 'category', name: 'genre', labels: ['film', 'series'], count: 2, values: Int32Array.of(0, -1, 1) },
    {
      kind: 'tags',
      name: 'moods',
      labels: ['Sci-Fi', 'Satire'],
      count: 2,
      offsets: Int32Array.of(0, 1, 1, 3),
      values: Int32Array.of(0, 0, 1),
    },
    {
      kind: 'path',
      name: 'department',
      labels: ['Home', 'Home > Kitchen'],
      count: 2,
      offsets: Int32Array.of(0, 0, 2, 3),
      values: Int32Array.of(0, 1, 0),
    },
    { kind: 'text', name: 'title', count: 64, offsets: Int32Array.of(0, 2, 2, 3), values: Int32Array.of(5, 63, 0) },
    { kind: 'numbers', name: 'features', names: ['year'], width: 1, values: Float32Array.of(1979, 0, 1985) },
    { kind: 'vectors', name: 'poster', width: 2, values: Float32Array.of(1, 0, 0, 1, 0.5, 0.5) },
  ],
  context: [{ name: 'device', labels: ['phone', 'desktop'], count: 2 }],
  eventTypes: ['view', 'purchase'],
  history: { ...small.history, types: Int32Array.of(1, -1, 0) },
  userFields: [
    {
      kind: 'numbers',
      name: 'features',
      names: ['age', 'isNew'],
      width: 2,
      values: Float32Array.of(0.5, 1, -0.5, 0),
      standardisation: { mean: [40, 0], scale: [10, 1] },
    },
    { kind: 'category', name: 'country', labels: ['PT'], count: 1, values: Int32Array.of(-1, 0) },
  ],
};

const idsOf = (ids: IdColumn): (number | string)[] => Array.from({ length: ids.size }, (_, row) => ids.idAt(row));

async function roundTrip(catalogue: Catalogue): Promise<Catalogue> {
  await writeCatalogue(folder.path, catalogue);
  return readCatalogue({ path });
}

describe('a catalogue', () => {
  it.each<[string, Catalogue]>([
    ['with everything', full],
    ['with nothing but ids and histories', small],
  ])('%s comes back as it was written', async (_, catalogue) => {
    const { userIds, itemIds, ...columns } = await roundTrip(catalogue);
    const { userIds: users, itemIds: items, ...expected } = catalogue;
    expect(columns).toEqual({ userFields: [], itemFields: [], context: [], ...expected });
    expect([userIds.kind, idsOf(userIds)]).toEqual([users.kind, idsOf(users)]);
    expect([itemIds.kind, idsOf(itemIds)]).toEqual([items.kind, idsOf(items)]);
    expect(itemIds.rowOf('c')).toBe(2);
    expect(userIds.rowOf(20)).toBe(1);
  });

  it.each<[string, Catalogue]>([
    ['with everything', full],
    ['with nothing but ids and histories', small],
  ])('%s passes from one thread to another', async (_, catalogue) => {
    await writeCatalogue(folder.path, catalogue);
    const parts = structuredClone(takeApart(await readCatalogue({ path })));
    const { userIds, itemIds, names, ...columns } = putTogether(parts);
    const { userIds: users, itemIds: items, names: expectedNames, ...expected } = catalogue;
    expect(columns).toEqual({ userFields: [], itemFields: [], context: [], ...expected });
    expect([userIds.kind, idsOf(userIds)]).toEqual([users.kind, idsOf(users)]);
    expect([itemIds.kind, idsOf(itemIds)]).toEqual([items.kind, idsOf(items)]);
    expect(idsOf(itemIds).map((id) => itemIds.rowOf(id))).toEqual([0, 1, 2]);
    expect([userIds.rowOf(20), userIds.rowOf(30), userIds.rowOf('20')]).toEqual([1, undefined, undefined]);
    expect([names?.length, names?.at(2)]).toEqual([expectedNames?.length, expectedNames?.at(2)]);
  });

  it('tells people and other programs what each item is', async () => {
    await roundTrip(full);
    expect(await readFile(path('items.jsonl'), 'utf8')).toBe(
      '{"id":"a","name":"Alien","category":"film","tags":["Sci-Fi"]}\n' +
        '{"id":"b","category":"Home > Kitchen"}\n' +
        '{"id":"c","name":"Brazil","category":"series","tags":["Sci-Fi","Satire"]}\n',
    );
    expect(await readFile(path('users.jsonl'), 'utf8')).toBe('{"id":10}\n{"id":20}\n');
  });
});

describe('writing a catalogue refuses', () => {
  const genre = { kind: 'category', name: 'genre', labels: ['x'], count: 1, values: Int32Array.of(0, 0, 0) } as const;
  const tags = { kind: 'tags', name: 'tags', labels: ['x'], count: 1, values: Int32Array.of(0) } as const;
  const age = {
    kind: 'numbers',
    name: 'features',
    names: ['age', 'new'],
    width: 2,
    values: new Float32Array(4),
  } as const;
  const vectors = { kind: 'vectors', name: 'image', width: 2, values: new Float32Array(6) } as const;

  it.each<[string, Partial<Catalogue>, string]>([
    [
      'history.offsets',
      { history: { offsets: Int32Array.of(0, 3), items: Int32Array.of(0, 1, 2) } },
      'history.offsets has 1 rows, but there are 2 users.',
    ],
    [
      'history.offsets',
      { history: { offsets: Int32Array.of(0, 3, 2), items: Int32Array.of(0, 1) } },
      'history.offsets must ascend from 0 to 2.',
    ],
    [
      'history.offsets',
      { history: { offsets: Int32Array.of(1, 1, 2), items: Int32Array.of(0, 1) } },
      'history.offsets must ascend from 0 to 2.',
    ],
    [
      'history.types',
      { eventTypes: ['view'], history: { ...small.history, types: Int32Array.of(0, 0) } },
      'history.types has 2 rows, but there are 3 history.items.',
    ],
    [
      'history.types',
      { eventTypes: ['view'], history: { ...small.history, types: Int32Array.of(0, 1, -1) } },
      'history.types[1] is 1, which is outside [-1, 1).',
    ],
    ['history.types', { eventTypes: ['view'] }, 'There is eventTypes without history.types; give both or neither.'],
    [
      'history.items',
      { history: { offsets: Int32Array.of(0, 1, 2), items: Int32Array.of(0, 3) } },
      'history.items[1] is 3, which is outside [0, 3).',
    ],
    ['names', { names: ['x'] }, 'names has 1 rows, but there are 3 items.'],
    [
      'item field genre',
      { itemFields: [{ ...genre, values: Int32Array.of(0) }] },
      'item field genre has 1 rows, but there are 3 items.',
    ],
    [
      'item field genre',
      { itemFields: [{ ...genre, values: Int32Array.of(0, -1, 1) }] },
      'item field genre[2] is 1, which is outside [-1, 1).',
    ],
    [
      'item field tags.offsets',
      { itemFields: [{ ...tags, offsets: Int32Array.of(0, 1) }] },
      'item field tags.offsets has 1 rows, but there are 3 items.',
    ],
    [
      'item field tags',
      { itemFields: [{ ...tags, offsets: Int32Array.of(0, 1, 1, 1), values: Int32Array.of(-1) }] },
      'item field tags[0] is -1, which is outside [0, 1).',
    ],
    [
      'user field features',
      { userFields: [{ ...age, values: Float32Array.of(1, 2) }] },
      'user field features has 2 values instead of 2 users times 2.',
    ],
    ['item field features', { itemFields: [age] }, 'item field features has 4 values instead of 3 items times 2.'],
    ['user field image', { userFields: [vectors] }, 'user field image has 6 values instead of 2 users times 2.'],
    [
      'user field features',
      { userFields: [{ ...age, names: ['age'] }] },
      'user field features: names has 1 entries, but the field has 2 columns.',
    ],
    [
      'user field features',
      { userFields: [{ ...age, standardisation: { mean: [0], scale: [1, 1] } }] },
      'user field features: standardisation.mean has 1 entries, but the field has 2 columns.',
    ],
  ])('wrong %s', async (part, change, message) => {
    const written = writeCatalogue(folder.path, { ...small, ...change });
    await expect(written).rejects.toBeInstanceOf(CatalogueError);
    await expect(written).rejects.toMatchObject({ code: 'CATALOGUE_INVALID', part, message });
  });
});

describe('reading a catalogue refuses', () => {
  beforeEach(async () => writeCatalogue(folder.path, full));

  it('ids that are more than were written', async () => {
    await appendFile(path('users.jsonl'), '{"id":30}\n');
    await expect(readCatalogue({ path })).rejects.toThrow('userIds has 3 rows, but the catalogue was written with 2.');
  });

  it('an id of the wrong kind', async () => {
    await appendFile(path('users.jsonl'), '{"id":"30"}\n');
    await expect(readCatalogue({ path })).rejects.toThrow(`${path('users.jsonl')}:3: id: Invalid input`);
  });

  it('an id that occurs twice', async () => {
    await appendFile(path('items.jsonl'), '{"id":"a"}\n');
    await expect(readCatalogue({ path })).rejects.toThrow('The id "a" stands in rows 0 and 3 of itemIds');
  });

  it('fields that do not fit the ids', async () => {
    await writeNpy(path(fieldFile('item', 0, 'values')), Int32Array.of(0));
    await expect(readCatalogue({ path })).rejects.toThrow('item field genre has 1 rows, but there are 3 items.');
  });

  it.each([
    ['newer', 99, 'has format 99, but this release reads 2; upgrade Vector Recall.'],
    ['older', 1, 'has format 1, but this release reads 2; train and publish again.'],
  ])('a %s format', async (fault, formatVersion, message) => {
    await writeFile(path('catalogue.json'), JSON.stringify({ formatVersion }));
    await expect(readCatalogue({ path })).rejects.toMatchObject({
      fault,
      message: `${path('catalogue.json')} ${message}`,
    });
  });
});
