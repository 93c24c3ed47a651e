import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IdTable } from '@vector-recall/model-store';
import { readItemAttributes } from './read-item-attributes';

const ids = new IdTable('ids', ['a', '7', 'c'], 'string');
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'item-attributes-'));
  file = join(folder, 'items.jsonl');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it('reads what each item has, in whatever order, and tells kinds by their values', async () => {
  const lines = [
    { id: 7, brand: 'x', tags: ['p', 'q'], price: 1.25, added: '2026-01-31', size: 40, isNew: true },
    { id: 'gone', colour: 'red' },
    { id: 'a', price: 3, size: 'large', brand: null },
  ];
  await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n\n')}\n`);
  const { table, unknownItems } = await readItemAttributes(file, ids);
  expect(table.schema.attributes).toEqual([
    { name: 'price', kind: 'number' },
    { name: 'size', kind: 'labels' },
    { name: 'brand', kind: 'labels' },
    { name: 'tags', kind: 'labels' },
    { name: 'added', kind: 'date' },
    { name: 'isNew', kind: 'labels' },
  ]);
  expect([0, 1, 2].map((row) => table.recordAt(row))).toEqual([
    { price: 3, size: ['large'] },
    { brand: ['x'], tags: ['p', 'q'], price: 1.25, added: 1769817600, size: ['40'], isNew: ['true'] },
    {},
  ]);
  expect(unknownItems).toBe(1);
});

it.each([
  ['{"price": 1}', 'id: id must be text or an integer.'],
  ['[1]', 'give an object with an id.'],
  ['{"id": "a", "size": {"width": 1}}', 'size: an attribute is text, a number, true, false, null or a list of texts.'],
  ['id,price', 'this is not JSON; give one object a line, as in {"id": 7, "price": 9.5}.'],
])('refuses %s with its line', async (line, problem) => {
  await writeFile(file, `{"id": "a"}\n${line}\n`);
  await expect(readItemAttributes(file, ids)).rejects.toMatchObject({
    code: 'OWN_VECTORS_INVALID',
    message: `Line 2 of ${file}: ${problem}`,
  });
});

it('names a file that is not there', async () => {
  const absent = join(folder, 'absent.jsonl');
  await expect(readItemAttributes(absent, ids)).rejects.toMatchObject({ code: 'ARTIFACT_FILE_INVALID', file: absent });
});
