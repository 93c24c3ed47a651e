import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIntegers, readNpy, writeNpy } from '@vector-recall/model-store';
import { RecallClient } from '@vector-recall/recall-grpc';
import { run, runJson, temporaryFolder } from './cli';
import { errorSchema, indexBuildSchema, indexSearchSchema, querySchema } from './contract';
import { Server } from './server';

const DIM = 16;
const ITEMS = 2000;
const QUERIES = 40;
const K = 25;

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const build = (...args: string[]) =>
  runJson(indexBuildSchema, ['index', 'build', '--vectors', path('items.npy'), '--out', path('store'), ...args]);

/** Uniform draws in (0, 1), by the generator of Park and Miller. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Around few centres, as trained vectors lie. */
function vectors(rows: number, seed: number): Float32Array {
  const [toCentre, around] = [uniform(7), uniform(seed)];
  const centres = Float32Array.from({ length: 30 * DIM }, () => toCentre() - 0.5);
  return Float32Array.from({ length: rows * DIM }, (_, i) => {
    const centre = Math.floor(i / DIM) % 30;
    return centres[centre * DIM + (i % DIM)] + 0.4 * (around() - 0.5);
  });
}

const queries = vectors(QUERIES, 2);

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await writeNpy(path('items.npy'), vectors(ITEMS, 1), [ITEMS, DIM]);
  await writeNpy(path('queries.npy'), queries, [QUERIES, DIM]);
});

it('builds an index over vectors, searches it, serves it, and finds the same on both ways', async () => {
  writeFileSync(path('ids.txt'), Array.from({ length: ITEMS }, (_, row) => `item-${row}\n`).join(''));
  const { artifact, index } = await build(
    ...['--ids', path('ids.txt'), '--queries', path('queries.npy'), '--m', '8', '--target-recall', '0.9'],
  );
  expect(index).toMatchObject({ items: ITEMS, dim: DIM, space: 'cosine', targetRecall: 0.9 });

  const args = ['--index', path('store'), '--queries', path('queries.npy'), '--k', String(K), '--out', path('found')];
  const report = await runJson(indexSearchSchema, ['index', 'search', ...args]);
  expect(report).toMatchObject({ queries: QUERIES, k: K, efSearch: index.efSearch });
  expect(report.recall).toBeGreaterThan(0.8);
  const { shape, values: scores } = await readNpy(path('found/scores.npy'), 'float32');
  expect(shape).toEqual([QUERIES, K]);
  const lines = readFileSync(path('found/ids.jsonl'), 'utf8').trimEnd().split('\n');
  const found = lines.map((line) => JSON.parse(line) as string[]);

  const server = await Server.start(path('store'));
  await server.serves(artifact.version);
  const client = new RecallClient(server.target);
  expect(await client.modelInfo()).toMatchObject({ inputs: ['queryVector'], space: 'cosine', itemCount: ITEMS });
  const queryOf = (row: number) => queries.subarray(row * DIM, (row + 1) * DIM);
  const answers = await client.batchRecall(found.map((_, row) => ({ queryVector: queryOf(row), topK: K })));
  answers.forEach((answer, row) => {
    expect(answer).toMatchObject({ itemIds: found[row], source: 'vector' });
  });
  const [similar] = (await client.similarItems({ itemId: 'item-5', topK: 1 })).itemIds;
  expect(similar).toMatch(/^item-\d+$/);
  client.close();

  await writeNpy(path('query.npy'), queryOf(7));
  for (const vector of [`@${path('query.npy')}`, [...queryOf(7)].join(',')]) {
    const flags = ['--target', server.target, '--top-k', String(K), '--vector', vector];
    const answer = await runJson(querySchema, ['query', ...flags]);
    expect(answer).toMatchObject({ source: 'vector', itemIds: found[7], modelVersion: artifact.version });
    answer.scores.forEach((score, place) => {
      expect(score).toBeCloseTo(scores[7 * K + place], 6);
    });
  }
  const { code, stderr } = await run(['query', '--target', server.target, '--user', '7']);
  expect(stderr).toContain('this model knows no users; set query_vector');
  expect(code).toBe(1);
  expect((await server.stop()).code).toBe(0);
});

it('takes rows for ids where none are given, and keeps the version in use where the input is bad', async () => {
  const { artifact } = await build('--space', 'l2', '--float32', 'kept');
  const args = ['--index', artifact.path, '--queries', path('queries.npy'), '--k', '3', '--exact-scores'];
  await runJson(indexSearchSchema, ['index', 'search', ...args, '--target-recall', '0.95', '--out', path('rows')]);
  const { values } = await readIntegers(path('rows/ids.npy'));
  expect(Math.max(...values)).toBeLessThan(ITEMS);

  await writeNpy(path('bad.npy'), vectors(10, 3).fill(NaN, 3 * DIM, 3 * DIM + 1), [10, DIM]);
  const failed = await run(['index', 'build', '--vectors', path('bad.npy'), '--out', path('store'), '--json']);
  const { error } = errorSchema.parse(JSON.parse(failed.stdout));
  expect(error).toMatchObject({
    code: 'INDEX_ARGUMENT_INVALID',
    message: `${path('bad.npy')} holds a value that is not finite in row 3; remove the row or mend what made it.`,
  });
  expect(failed.code).toBe(1);
  const current = await run(['models', 'list', '--output', path('store'), '--json']);
  expect(JSON.parse(current.stdout)).toMatchObject({ versions: [{ version: artifact.version, isCurrent: true }, {}] });
});

it.each([
  [['index', 'build', '--out', 'x'], 'vector-recall index build needs --vectors <file>.'],
  [
    ['index', 'build', '--vectors', 'x.npy', '--out', 'x', '--space', 'cos'],
    '--space is "cos", but it must be one of cosine, ip, l2.',
  ],
  [['index', 'serch'], 'There is no command serch; did you mean search?'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([2, `vector-recall: ${sentence}\n`]);
});
