import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecallQuery } from '@vector-recall/recall-grpc';
import { MOST_LINE_CHARACTERS, readQueries, type QueryFileOptions } from './query-file';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'query-file-'));
  file = join(folder, 'users.jsonl');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const defaults: QueryFileOptions = { userIdKind: 'integer', itemIdKind: 'string', topK: 20, excludeSeen: true };

async function read(text: string | Uint8Array, options: Partial<QueryFileOptions> = {}) {
  await writeFile(file, text);
  const found: (readonly [number, RecallQuery])[] = [];
  for await (const { line, query } of readQueries(file, { ...defaults, ...options })) found.push([line, query]);
  return found;
}

it('reads ids and objects, and passes over blank lines', async () => {
  const text =
    '7\n\n{"user": 8, "history": ["a", " b"], "types": ["view", ""], "topK": 5, "exclude": ["c"], "context": {"device": "phone"}}\r\n{"vector": [0.5, -1]}';
  expect(await read(text)).toEqual([
    [1, expect.objectContaining({ userId: 7, topK: 20, excludeSeen: true })],
    [
      3,
      expect.objectContaining({
        userId: 8,
        history: ['a', ' b'],
        historyTypes: ['view', ''],
        topK: 5,
        excludeItemIds: ['c'],
        context: { device: 'phone' },
      }),
    ],
    [4, expect.objectContaining({ userId: undefined, queryVector: [0.5, -1], topK: 20 })],
  ]);
});

it('takes text to the letter, also where a character is cut by the end of a block', async () => {
  const name = ` ${'ü'.repeat(50_000)}`;
  const [[, query]] = await read(`${JSON.stringify(name)}\n`, { userIdKind: 'string' });
  expect(query.userId).toBe(name);
});

it.each([
  ['x', 'line 1: this is not JSON; give one id or object a line, and text in double quotes.'],
  ['7\n007\n', 'line 2: this is not JSON; give one id or object a line, and text in double quotes.'],
  ['"7"', 'line 1: user has "7", but the ids of this model are integers, as in 7.'],
  ['{"user":7,"history":[3]}', 'line 1: history has 3, but the ids of this model are text, as in "7".'],
  [
    '[7]',
    'line 1: give an id or an object of user, history, types, weights, negative, features, context, vector, topK, exclude, filter, rules.',
  ],
  [
    '{"users":7}',
    'line 1: there is a key that is none of user, history, types, weights, negative, features, context, vector, topK, exclude, filter, rules.',
  ],
  ['9007199254740993', 'line 1: user: an id is text or an integer up to 9007199254740991.'],
  ['{"user":7,"topK":0}', 'line 1: topK: Too small: expected number to be >=1.'],
])('refuses %j with its line', async (text, problem) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'FILE_CONTENT_INVALID',
    message: `${file}, ${problem}`,
  });
});

it('refuses bytes that are not UTF-8', async () => {
  await expect(read(Buffer.from('"Größe"', 'latin1'), { userIdKind: 'string' })).rejects.toThrow(
    `${file} is not UTF-8 text; save it as UTF-8.`,
  );
});

it('refuses a line without an end, without reading all of it', async () => {
  const message = 'has a line of more than 1,048,576 characters; give each query a line of its own.';
  await expect(read(`"${'x'.repeat(MOST_LINE_CHARACTERS)}"`)).rejects.toThrow(`${file} ${message}`);
  await expect(readQueries('/dev/zero', defaults).next()).rejects.toThrow(`/dev/zero ${message}`);
});

it('names a file that is not there', async () => {
  const absent = join(folder, 'absent.jsonl');
  await expect(readQueries(absent, defaults).next()).rejects.toMatchObject({
    code: 'FILE_NOT_READ',
    message: `${absent} does not exist; check the path.`,
  });
});
