import { parquetWriteBuffer } from 'hyparquet-writer';
import { makeFolder, removeFolders } from '../../testing/folders';
import { categoryOf, eventsOf, failureOf, fieldOf, tagsOf } from '../../testing/inspect';
import { readFiles } from './read-files';

afterEach(removeFolders);

const options = { minUserInteractions: 1 };

const full = {
  'dataset.yaml': `
name: shop
interactions:
  file: [january.csv, february.jsonl]
  user: customer
  item: sku
  timestamp: { column: bought_at, unit: iso }
  keep: { column: stars, atLeast: 3 }
users:
  file: customers.tsv
  id: customer
  features: [age]
  labels: [country]
items:
  file: products.parquet
  id: sku
  name: title
  category: department
  tags: [{ column: keywords, separator: ";" }]
  features: [{ column: price, missing: mean }]
`,
  'january.csv':
    'sku,customer,stars,bought_at\nA-1,c1,5,2026-01-02\nA-2,c1,2,2026-01-01\nA-2,c2,3,2026-01-03T00:00:10Z\n',
  'february.jsonl':
    '{"sku":"A-3","customer":"c1","stars":4,"bought_at":"2026-02-01T00:00:00+01:00"}\n' +
    '{"sku":"A-9","customer":"c3","stars":4,"bought_at":"2026-02-02"}\n',
  'customers.tsv': 'customer\tage\tcountry\nc1\t20\tPT\nc2\t40\tPE\n',
  'products.parquet': new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'sku', data: ['A-1', 'A-2', 'A-3'], type: 'STRING' },
        { name: 'title', data: ['Lamp', 'Desk', 'Chair'], type: 'STRING' },
        { name: 'department', data: ['light', 'wood', null], type: 'STRING', nullable: true },
        { name: 'keywords', data: ['warm; small', '', 'small'], type: 'STRING' },
        { name: 'price', data: [10, null, 30], type: 'DOUBLE', nullable: true },
      ],
    }),
  ),
};

const seconds = (time: string): number => Date.parse(time) / 1000;

describe('readFiles', () => {
  it('joins CSV, TSV, JSON lines and Parquet as described', async () => {
    const dataset = await readFiles(makeFolder(full), options);
    expect(dataset.name).toBe('shop');
    expect(eventsOf(dataset)).toEqual([
      ['c1', 'A-1', seconds('2026-01-02T00:00:00Z')],
      ['c1', 'A-3', seconds('2026-01-31T23:00:00Z')],
      ['c2', 'A-2', seconds('2026-01-03T00:00:10Z')],
      ['c3', 'A-9', seconds('2026-02-02T00:00:00Z')],
    ]);
    expect(fieldOf(dataset.users, 'numbers')?.names).toEqual(['age', 'ageMissing', 'country=PT', 'country=PE']);
    expect([...(fieldOf(dataset.users, 'numbers')?.values ?? [])]).toEqual([-1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0]);
    expect(dataset.items.names).toEqual(['Lamp', 'Desk', 'Chair', '']);
    expect(['A-1', 'A-2', 'A-3', 'A-9'].map((id) => categoryOf(dataset, id))).toEqual([
      'light',
      'wood',
      undefined,
      undefined,
    ]);
    expect(['A-1', 'A-2', 'A-3', 'A-9'].map((id) => tagsOf(dataset, id))).toEqual([
      ['warm', 'small'],
      [],
      ['small'],
      [],
    ]);
    expect([...(fieldOf(dataset.items, 'numbers')?.values ?? [])]).toEqual([-1, 0, 0, 1, 1, 0, 0, 1]);
    expect(dataset.notes).toEqual([
      '1 interactions are excluded, since they do not meet keep: stars at least 3.',
      '1 users of the log are not described; they have no features.',
      '1 items of the log are not described; they have no attributes.',
    ]);
  });

  it('needs no more than two columns', async () => {
    const folder = makeFolder({
      'dataset.yaml': 'interactions: { file: log.txt, format: csv, delimiter: ";", user: u, item: i }',
      'log.txt': 'u;i\n5;7\n5;6\n4;7\n',
    });
    const dataset = await readFiles(folder, options);
    expect(eventsOf(dataset)).toEqual([
      [5, 7, 0],
      [5, 6, 0],
      [4, 7, 0],
    ]);
    expect(dataset.interactions.order).toBe('none');
    expect(dataset.notes).toEqual([
      'The log has no timestamps; the events of a user are taken in an order drawn by the seed, ' +
        'and the last ones are held out.',
    ]);
  });

  it('leaves out users with too few interactions, their features and their events', async () => {
    const dataset = await readFiles(makeFolder(full), { minUserInteractions: 2 });
    expect(eventsOf(dataset).map(([user]) => user)).toEqual(['c1', 'c1']);
    expect(fieldOf(dataset.users, 'numbers')?.values).toHaveLength(fieldOf(dataset.users, 'numbers')?.width ?? 0);
    expect(dataset.notes).toContain('2 users with fewer than 2 interactions were excluded.');
  });

  it('keeps interactions that repeat', async () => {
    const log = 'customer,sku,stars,bought_at\nc1,A-1,3,2026-01-01\nc1,A-1,3,2026-01-02\n';
    const dataset = await readFiles(makeFolder({ ...full, 'january.csv': log }), options);
    expect(eventsOf(dataset).filter(([, item]) => item === 'A-1')).toHaveLength(2);
  });

  const january = (...rows: string[]) => ({ 'january.csv': ['sku,customer,stars,bought_at', ...rows, ''].join('\n') });

  it.each([
    [
      'a missing file',
      { 'dataset.yaml': full['dataset.yaml'].replace('january', 'june') },
      'DATASET_FILE_MISSING',
      'june.csv: this file does not exist; check the path.',
    ],
    [
      'an unknown column',
      { 'dataset.yaml': full['dataset.yaml'].replace('user: customer', 'user: custmer') },
      'DATASET_COLUMN_UNKNOWN',
      'january.csv, column custmer: there is no such column; did you mean customer?',
    ],
    [
      'a word for a feature',
      { 'customers.tsv': 'customer\tage\tcountry\nc1\t2\tPT\nc2\told\tPT\n' },
      'DATASET_NUMBER_INVALID',
      'customers.tsv, line 3, column age: "old" is not a finite number',
    ],
    [
      'a feature that float32 does not hold',
      { 'customers.tsv': 'customer\tage\tcountry\nc1\t2\tPT\nc2\t1e160\tPT\n' },
      'DATASET_NUMBER_INVALID',
      'customers.tsv, line 3, column age: "1e160" is outside the range of float32 (±3.4e38); correct it',
    ],
    [
      'a bad rating',
      january('A-1,c1,good,2026-01-01'),
      'DATASET_NUMBER_INVALID',
      'line 2, column stars: "good" is not a finite number',
    ],
    [
      'a user twice',
      { 'customers.tsv': 'customer\tage\tcountry\nc1\t2\tPT\nc1\t3\tPT\n' },
      'DATASET_DUPLICATE_ROW',
      'customers.tsv, line 3, column customer: the user c1 has been described before; keep one row for each.',
    ],
    [
      'ids of both kinds',
      { 'february.jsonl': '{"sku":3,"customer":"c1","stars":4,"bought_at":"2026-02-01"}\n' },
      'DATASET_ID_KIND_MIXED',
      'february.jsonl, line 1, column sku: the item id 3 does not fit the ones before it, which are strings; write all item ids as one kind.',
    ],
    [
      'an ending that tells no format',
      { 'dataset.yaml': 'interactions: { file: log.txt, user: u, item: i }' },
      'DATASET_DESCRIPTION_INVALID',
      'log.txt: the ending tells no format; add "format: csv", tsv, jsonl or parquet to dataset.yaml.',
    ],
    [
      'a label with too many values',
      {
        'customers.tsv': `customer\tage\tcountry\n${Array.from({ length: 257 }, (_, row) => `c${row}\t1\tX${row}`).join('\n')}\n`,
      },
      'DATASET_DESCRIPTION_INVALID',
      'users.labels: country has 257 different values, more than 256; name it in categories instead.',
    ],
    [
      'a log of the wrong users only',
      { ...january('A-1,c1,1,2026-01-01'), 'february.jsonl': '' },
      'DATASET_EMPTY',
      'The log of shop holds no interaction; bring one that does.',
    ],
  ])('refuses %s', async (_, files, code, message) => {
    const error = await failureOf(readFiles(makeFolder({ ...full, ...files }), options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('refuses a log in which nobody has enough interactions', async () => {
    const error = await failureOf(readFiles(makeFolder(full), { minUserInteractions: 9 }));
    expect([error.code, error.message]).toEqual([
      'DATASET_EMPTY',
      'No user of shop has 9 interactions; lower data.minUserInteractions.',
    ]);
  });

  it.each([
    ['no description', undefined, undefined, 'dataset.yaml: this file does not exist; it has to say which columns'],
    ['broken YAML', 'interactions: {\n  file: [', 2, 'this is no valid YAML: '],
    ['an empty description', '', 1, 'the file: Invalid input: expected object, received null.'],
    [
      'a missing key',
      'interactions:\n  file: a.csv\n  user: u\n',
      2,
      'interactions.item: Invalid input: expected string',
    ],
    [
      'an unknown key',
      'interactions:\n  file: a.csv\n  user: u\n  item: i\n  usre: x\n',
      2,
      'interactions: there is no key usre here.',
    ],
    [
      'an unknown unit',
      'interactions:\n  file: a.csv\n  user: u\n  item: i\n  timestamp:\n    column: t\n    unit: days\n',
      7,
      'interactions.timestamp.unit: Invalid option: expected one of "s"|"ms"|"us"|"ns"|',
    ],
  ])('refuses %s', async (_, yaml, line, message) => {
    const folder = makeFolder(yaml === undefined ? {} : { 'dataset.yaml': yaml });
    const error = await failureOf(readFiles(folder, options));
    expect(error.code).toBe(yaml === undefined ? 'DATASET_FILE_MISSING' : 'DATASET_DESCRIPTION_INVALID');
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });
});
