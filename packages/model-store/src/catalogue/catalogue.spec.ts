import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { CatalogueError } from '../errors';
import { writeNpy } from '../npy/npy-writer';
import { useTemporaryFolder } from '../testing/temporary-folder';
import type { Catalogue, IdColumn } from './catalogue';
import { putTogether, takeApart } from './catalogue-parts';
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
  categories: { labels: ['film', 'series'], values: Int32Array.of(0, -1, 1) },
  tags: { labels: ['Sci-Fi', 'Satire'], offsets: Int32Array.of(0, 1, 1, 3), values: Int32Array.of(0, 0, 1) },
  itemFeatures: { names: ['year'], width: 1, values: Float32Array.of(1979, 0, 1985) },
  userFeatures: {
    names: ['age', 'isNew'],
    width: 2,
    values: Float32Array.of(0.5, 1, -0.5, 0),
    standardisation: { mean: [40, 0], scale: [10, 1] },
  },
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
    expect(columns).toEqual(expected);
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
    expect(columns).toEqual(expected);
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
        '{"id":"b"}\n' +
        '{"id":"c","name":"Brazil","category":"series","tags":["Sci-Fi","Satire"]}\n',
    );
    expect(await readFile(path('users.jsonl'), 'utf8')).toBe('{"id":10}\n{"id":20}\n');
  });
});

describe('writing a catalogue refuses', () => {
  const features = full.userFeatures ?? { names: [], width: 0, values: new Float32Array(0) };

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
      'history.items',
      { history: { offsets: Int32Array.of(0, 1, 2), items: Int32Array.of(0, 3) } },
      'history.items[1] is 3, which is outside [0, 3).',
    ],
    ['names', { names: ['x'] }, 'names has 1 rows, but there are 3 items.'],
    [
      'categories',
      { categories: { labels: ['x'], values: Int32Array.of(0) } },
      'categories has 1 rows, but there are 3 items.',
    ],
    [
      'categories.values',
      { categories: { labels: ['x'], values: Int32Array.of(0, -1, 1) } },
      'categories.values[2] is 1, which is outside [-1, 1).',
    ],
    [
      'tags.offsets',
      { tags: { labels: ['x'], offsets: Int32Array.of(0, 1), values: Int32Array.of(0) } },
      'tags.offsets has 1 rows, but there are 3 items.',
    ],
    [
      'tags.values',
      { tags: { labels: ['x'], offsets: Int32Array.of(0, 1, 1, 1), values: Int32Array.of(-1) } },
      'tags.values[0] is -1, which is outside [0, 1).',
    ],
    [
      'userFeatures',
      { userFeatures: { ...features, values: Float32Array.of(1, 2) } },
      'userFeatures has 2 values instead of 2 users times 2.',
    ],
    ['itemFeatures', { itemFeatures: features }, 'itemFeatures has 4 values instead of 3 items times 2.'],
    [
      'userFeatures',
      { userFeatures: { ...features, names: ['age'] } },
      'userFeatures.names has 1 entries, but the features have 2 columns.',
    ],
    [
      'userFeatures',
      { userFeatures: { ...features, standardisation: { mean: [0], scale: [1, 1] } } },
      'userFeatures.standardisation.mean has 1 entries, but the features have 2 columns.',
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

  it('columns that do not fit the ids', async () => {
    await writeNpy(path(artifactFiles.itemCategories), Int32Array.of(0));
    await expect(readCatalogue({ path })).rejects.toThrow('categories has 1 rows, but there are 3 items.');
  });

  it('a newer format', async () => {
    await writeFile(path('catalogue.json'), '{"formatVersion": 2}');
    await expect(readCatalogue({ path })).rejects.toMatchObject({
      fault: 'newer',
      message: `${path('catalogue.json')} has format 2, but this release reads up to 1; upgrade Vector Recall.`,
    });
  });
});
