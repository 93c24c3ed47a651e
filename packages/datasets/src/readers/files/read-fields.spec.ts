import { join } from 'node:path';
import { writeNpy } from '@vector-recall/model-store';
import type { Dataset } from '../../dataset';
import type { Field } from '../../fields';
import { makeFolder, removeFolders } from '../../testing/folders';
import { failureOf, fieldOf, tagsOf } from '../../testing/inspect';
import { readFiles } from './read-files';

afterEach(removeFolders);

const options = { minUserInteractions: 1 };
const items = [
  'sku,title,brand,department,colours,price,weight',
  'a,Red Lamp,Lux,Home > Kitchen,red|blue,10,1',
  'b,Desk lamp,,Home > Office > Desks,,30,',
  'c,,Lux,,blue,,3',
].join('\n');

function folderOf(section: string, files: Readonly<Record<string, string>> = {}): string {
  return makeFolder({
    'dataset.yaml': `interactions: { file: log.csv, user: u, item: i }\nitems:\n  file: items.csv\n  id: sku\n${section}`,
    'log.csv': 'u,i\n1,a\n1,b\n2,c\n2,d\n',
    'items.csv': items,
    ...files,
  });
}

const namesOf = ({ items: { fields } }: Dataset): string[] => fields.map(({ kind, name }) => `${kind} ${name}`);

/** The labels of each row. */
function labelsOf({ items: { fields } }: Dataset, name: string): string[][] {
  const field = fields.find((one): one is Exclude<Field, { kind: 'numbers' | 'vectors' | 'text' }> => {
    return one.name === name && 'labels' in one;
  });
  if (field === undefined) throw new Error(`There is no field ${name}.`);
  const { labels } = field;
  if (field.kind === 'category') return Array.from(field.values, (label) => (label < 0 ? [] : [labels[label]]));
  const { offsets, values } = field;
  return Array.from(offsets.subarray(1), (end, row) =>
    Array.from(values.subarray(offsets[row], end), (l) => labels[l]),
  );
}

describe('fields of items', () => {
  it('are categories, paths of categories, tags, numbers and texts, as many as are named', async () => {
    const section = [
      '  category: brand',
      "  categories: [colours, { column: department, separator: ' > ' }]",
      '  tags: colours',
      '  features: [price, weight]',
      '  text: title',
    ].join('\n');
    const dataset = await readFiles(folderOf(section), options);
    expect(namesOf(dataset)).toEqual([
      'category brand',
      'category colours',
      'path department',
      'tags colours',
      'text title words',
      'text title characters',
      'numbers features',
    ]);
    expect(labelsOf(dataset, 'brand')).toEqual([['Lux'], [], ['Lux'], []]);
    expect(labelsOf(dataset, 'department')).toEqual([
      ['Home', 'Home > Kitchen'],
      ['Home', 'Home > Office', 'Home > Office > Desks'],
      [],
      [],
    ]);
    expect(['a', 'b', 'c', 'd'].map((id) => tagsOf(dataset, id))).toEqual([['red', 'blue'], [], ['blue'], []]);
  });

  it('share the terms of their texts', async () => {
    const { items: described } = await readFiles(folderOf('  text: [title]'), options);
    const words = fieldOf(described, 'text');
    if (words === undefined) throw new Error('There is no text.');
    const [red, desk, none, unknown] = [0, 1, 2, 3].map((row) => [
      ...words.values.subarray(words.offsets[row], words.offsets[row + 1]),
    ]);
    // "red lamp" and "desk lamp", each two words and a pair, share one word.
    expect([red.length, desk.length, none, unknown]).toEqual([3, 3, [], []]);
    expect(red.filter((term) => desk.includes(term))).toHaveLength(1);
  });

  it('take the mean for a missing number, with a flag that says so', async () => {
    const { items: described } = await readFiles(folderOf('  features: price'), options);
    const numbers = fieldOf(described, 'numbers');
    expect(numbers?.names).toEqual(['price', 'priceMissing']);
    expect([...(numbers?.values ?? [])]).toEqual([-1, 0, 1, 0, 0, 1, 0, 1]);
  });

  it('are as old as they were at the newest event', async () => {
    const dates = 'sku,made,seen\na,2026-01-01,1767225600\nb,2026-01-02T00:00:00Z,\nc,,1767398400\n';
    const folder = makeFolder({
      'dataset.yaml':
        'interactions: { file: log.csv, user: u, item: i, timestamp: t }\nitems: { file: items.csv, id: sku, dates: [made, seen] }',
      'log.csv': 'u,i,t\n1,a,1767312000\n1,b,1767484800\n',
      'items.csv': dates,
    });
    const numbers = fieldOf((await readFiles(folder, options)).items, 'numbers');
    expect(numbers?.names).toEqual(['madeAge', 'madeAgeMissing', 'seenAge', 'seenAgeMissing']);
    // The newest event is of 4 January: three and two days after the dates that are known, three and one.
    expect(numbers?.standardisation?.mean).toEqual([2.5, 0, 2, 0]);
    expect([...(numbers?.values ?? [])]).toEqual([1, 0, 1, 0, -1, 0, 0, 1, 0, 1, -1, 0]);
  });

  it('refuse a date of no time zone, and one in another unit', async () => {
    const refusal = async (cell: string) =>
      (await failureOf(readFiles(folderOf('  dates: made', { 'items.csv': `sku,made\na,${cell}\n` }), options)))
        .message;
    expect(await refusal('2026-01-01T10:00:00')).toContain('has no time zone');
    expect(await refusal('1767225600000')).toContain('write all times of the column in one unit');
  });

  it('refuse a missing number where every row needs one', async () => {
    const error = await failureOf(readFiles(folderOf('  features: { column: price, missing: error }'), options));
    expect([error.code, error.column]).toEqual(['DATASET_VALUE_MISSING', 'price']);
  });

  it('refuse a column that is named twice for one kind', async () => {
    const error = await failureOf(readFiles(folderOf('  category: brand\n  categories: brand'), options));
    expect(error.message).toContain('the column brand is named twice for the same kind of field');
  });
});

describe('fields of users', () => {
  it('are of the same kinds, for the users that have enough events', async () => {
    const folder = makeFolder({
      'dataset.yaml': [
        'interactions: { file: log.csv, user: u, item: i }',
        "users: { file: users.csv, id: id, categories: country, tags: { column: likes, separator: ',' }, text: about }",
      ].join('\n'),
      'log.csv': 'u,i\n1,a\n3,b\n3,a\n4,a\n4,b\n',
      'users.csv': 'id;country;likes;about\n1;PT;x,y;tall\n2;PE;;old\n3;PE;y;\n'
        .replaceAll(',', '|')
        .replaceAll(';', ','),
    });
    const { users } = await readFiles(folder, { minUserInteractions: 2 });
    const country = fieldOf(users, 'category');
    expect(users.vocabulary.size).toBe(2);
    expect([country?.labels, [...(country?.values ?? [])]]).toEqual([
      ['PT', 'PE'],
      [1, -1],
    ]);
    expect(fieldOf(users, 'text')?.name).toBe('about words');
  });
});

describe('vectors', () => {
  const yaml = '  vectors: { file: images.npy, ids: ids.txt }';

  async function withVectors(ids: string, values: number[], shape: number[], section = yaml): Promise<string> {
    const folder = folderOf(section, { 'ids.txt': ids });
    await writeNpy(join(folder, 'images.npy'), Float32Array.from(values), shape);
    return folder;
  }

  it('are joined by id, centred and scaled as a whole, zeros where there is none', async () => {
    const dataset = await readFiles(await withVectors('d\nx\na\n', [3, 1, 9, 9, 1, 1], [3, 2]), options);
    const field = fieldOf(dataset.items, 'vectors');
    // The mean of (1, 1) and (3, 1) is (2, 1); the four entries deviate by 1, 1, 0 and 0, so by √½ together.
    const unit = Math.SQRT2;
    expect(field).toMatchObject({ name: 'images', width: 2 });
    expect(Array.from(field?.values ?? [], (value) => value / unit)).toEqual(
      [-1, 0, 0, 0, 0, 0, 1, 0].map((value) => expect.closeTo(value, 6) as number),
    );
    expect(field?.standardisation?.mean).toEqual([2, 1]);
    expect(dataset.notes).toEqual(
      expect.arrayContaining([
        '1 vectors of images.npy are of ids that occur nowhere else; they are not used.',
        '2 of 4 rows have no vector in images.npy; they get the mean.',
      ]),
    );
  });

  it('may be several', async () => {
    const section = '  vectors: [{ file: images.npy, ids: ids.txt }, { file: images.npy, ids: ids.txt, name: other }]';
    const dataset = await readFiles(await withVectors('a\nb', [1, 2, 3, 4], [2, 2], section), options);
    expect(namesOf(dataset)).toEqual(['vectors images', 'vectors other']);
  });

  it.each<[string, string, number[], number[], string]>([
    [
      'another number of ids',
      'a\nb\n',
      [1, 2, 3],
      [3, 1],
      'there are 3 vectors, but 2 ids in ids.txt; give one id for each.',
    ],
    ['a list of numbers', 'a\nb\n', [1, 2], [2], 'the array has the shape [2]; give one row for each id.'],
    [
      'a value that is no number',
      'a\nb\n',
      [1, 2, NaN, 4],
      [2, 2],
      'row 1, of b, holds NaN; vectors must be finite float32 numbers.',
    ],
  ])('are refused with %s', async (_, ids, values, shape, message) => {
    const error = await failureOf(readFiles(await withVectors(ids, values, shape), options));
    expect([error.code, error.message]).toEqual([
      'DATASET_FILE_UNREADABLE',
      expect.stringContaining(message) as string,
    ]);
  });

  it('are refused where a file is missing or is no array', async () => {
    const missing = await failureOf(readFiles(folderOf(yaml, { 'ids.txt': 'a\n' }), options));
    expect(missing.code).toBe('DATASET_FILE_MISSING');
    const noArray = await failureOf(readFiles(folderOf(yaml, { 'ids.txt': 'a\n', 'images.npy': 'png' }), options));
    expect(noArray.code).toBe('DATASET_FILE_UNREADABLE');
  });
});
