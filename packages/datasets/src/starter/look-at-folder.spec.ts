import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileConfig } from '@vector-recall/core-config';
import { parquetWriteFile } from 'hyparquet-writer';
import { loadDataset } from '../load-dataset';
import { makeFolder, removeFolders } from '../testing/folders';
import { failureOf } from '../testing/inspect';
import { lookAtFolder } from './look-at-folder';

afterEach(removeFolders);

/** Writes what was found into the folder, and reads the log by it. */
async function readBy(folder: string, given?: Parameters<typeof lookAtFolder>[1]) {
  const found = await lookAtFolder(folder, given);
  writeFileSync(join(folder, 'dataset.yaml'), found.description ?? '');
  const { data } = compileConfig({ flags: { data: found.source } });
  return { ...found, dataset: await loadDataset(data, { seed: 1 }) };
}

it('describes a shop: events with times, items and customers', async () => {
  const folder = makeFolder({
    'orders.csv':
      'order_id;customer_id;sku;event;bought_at\n1;c1;s1;view;2024-05-01T10:00:00Z\n2;c2;s2;buy;2024-05-02T10:00:00Z\n3;c1;s2;buy;2024-05-03T10:00:00Z\n',
    'products.jsonl':
      '{"sku":"s1","title":"Shoe","department":"feet","price":10,"keywords":["a"]}\n{"sku":"s2","title":"Hat","department":"head","price":20,"keywords":["b"]}\n',
    'customers.csv': 'customer_id,age\nc1,30\nc2,40\n',
    'notes.csv': 'text\nhello\n',
  });
  const { description, dataset, user, source } = await readBy(folder);
  expect(source).toBe(`files:${folder}`);
  expect(user).toBe('c1');
  expect(description)
    .toBe(`# What the columns of these files hold, guessed from their names and first rows. Check it before you train.
# Files that are not used: notes.csv
interactions:
  file: orders.csv
  delimiter: ;
  user: customer_id
  item: sku
  timestamp:
    column: bought_at
    unit: iso
  # Kinds of events and what each is worth; remove the # to use them, and name the one to recommend for:
  # type: { column: "event", weights: { "view": 1, "buy": 1 } }
  # target: "buy"
  # Columns that are not used: order_id

items:
  file: products.jsonl
  id: sku
  name: title
  category: department
  tags:
    - keywords
  features:
    - price

users:
  file: customers.csv
  id: customer_id
  features:
    - age
`);
  expect([dataset.interactions.items.length, dataset.items.vocabulary.size]).toEqual([3, 2]);
});

it('reads the unit of times from their digits', async () => {
  const folder = makeFolder({ 'log.tsv': 'user\titem\tts\n1\t2\t1700000000123\n1\t3\t1700000000999\n' });
  expect((await readBy(folder)).description).toMatch(/column: ts\n +unit: ms\n/);
});

it('describes Parquet', async () => {
  const folder = makeFolder({});
  parquetWriteFile({
    filename: join(folder, 'plays.parquet'),
    columnData: [
      { name: 'uid', data: ['a', 'b'], type: 'STRING' },
      { name: 'track', data: ['x', 'y'], type: 'STRING' },
      { name: 'played_at', data: [new Date(1.7e12), new Date(1.7e12 + 1e6)], type: 'TIMESTAMP' },
    ],
  });
  const { description, dataset } = await readBy(folder);
  expect(description).toMatch(/user: uid\n +item: track\n/);
  expect(dataset.interactions.items.length).toBe(2);
});

it('takes the columns that a person names', async () => {
  const folder = makeFolder({ 'log.csv': 'who,what,when\n1,2,1700000000\n1,3,1700000001\n' });
  expect(await failureOf(lookAtFolder(folder))).toMatchObject({
    code: 'DATASET_COLUMN_UNKNOWN',
    message: `${folder}: no file has a column that looks like users and one that looks like items (log.csv has who, what, when); name them, as in --user COLUMN --item COLUMN.`,
  });
  const { description } = await readBy(folder, { user: 'who', item: 'what', time: 'when' });
  expect(description).toMatch(/user: who\n +item: what\n +timestamp:\n +column: when\n +unit: s\n/);
});

it.each([
  [{ 'ratings.csv': '', 'movies.csv': '' }, 'movielens'],
  [{ 'a.inter': '' }, 'recbole'],
  [{ 'dataset.yaml': '' }, 'files'],
])('recognises %j', async (files, kind) => {
  const folder = makeFolder(files);
  expect(await lookAtFolder(folder)).toEqual({ source: `${kind}:${folder}` });
});

it('refuses a folder without tables', async () => {
  const folder = makeFolder({ 'a.txt': 'x' });
  expect(await failureOf(lookAtFolder(folder))).toMatchObject({
    message: `${folder}: this folder holds no CSV, TSV, JSONL or Parquet files; give the folder that holds the log.`,
  });
});
