import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex, type Space } from '@vector-recall/hnsw-index';
import { ModelStore, readIntegers, readNpy, writeNpy } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { buildVectorIndex, searchVectors, type BuildEvent, type BuildRequest, type SearchRequest } from './index';

const DIM = 12;
const ITEMS = 1500;
const QUERIES = 60;

/** Around few centres, as trained vectors lie. */
function clustered(rows: number, purpose: string): Float32Array {
  const random = new RandomStream(3, purpose);
  const centres = new RandomStream(3, 'centres');
  const centre = Float32Array.from({ length: 20 * DIM }, () => centres.normal());
  return Float32Array.from({ length: rows * DIM }, (_, i) => {
    const cluster = Math.floor(i / DIM) % 20;
    return centre[cluster * DIM + (i % DIM)] + 0.4 * random.normal();
  });
}

const items = clustered(ITEMS, 'items');
const queries = clustered(QUERIES, 'queries');
const path = (name: string): string => join(folder, name);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-vectors-'));
  await writeNpy(path('items.npy'), items, [ITEMS, DIM]);
  await writeNpy(path('queries.npy'), queries, [QUERIES, DIM]);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const build = (changes: Partial<BuildRequest> = {}, events?: BuildEvent[]) =>
  buildVectorIndex(
    {
      vectors: path('items.npy'),
      out: path('store'),
      space: 'cosine',
      hnsw: { m: 8, efConstruction: 60, efSearch: 0, targetRecall: 0.9 },
      topK: 50,
      float32: 'dropped',
      seed: 1,
      ...changes,
    },
    { observer: events && { notify: (event) => void events.push(event) } },
  );

const search = (changes: Partial<SearchRequest> = {}) =>
  searchVectors({
    index: path('store'),
    queries: path('queries.npy'),
    k: 20,
    exactScores: false,
    measureMs: 5,
    seed: 1,
    ...changes,
  });

/** Mean share of the true neighbours among the ids that were written. */
function shareFound(ids: ArrayLike<number>, k: number, space: Space): number {
  const truth = new ExactIndex(items, DIM, space).searchBatch(queries, k);
  const found = truth.map(({ labels }, query) => {
    const wanted = new Set(labels);
    return Array.from({ length: k }, (_, place) => ids[query * k + place]).filter((id) => wanted.has(id)).length / k;
  });
  return found.reduce((sum, share) => sum + share, 0) / found.length;
}

it.each<Space>(['cosine', 'ip', 'l2'])('builds, publishes and searches by %s', async (space) => {
  const events: BuildEvent[] = [];
  const { artifact, index } = await build({ space }, events);
  expect(await new ModelStore(path('store')).currentVersion()).toBe(artifact.version);
  expect(index).toMatchObject({ items: ITEMS, dim: DIM, space, m: 8, targetRecall: 0.9, float32: 'dropped' });
  expect(index.recall['recall@50']).toBeGreaterThan(0.85);
  expect(events.flatMap((event) => (event.type === 'stage-finished' ? [event.stage] : []))).toEqual([
    'data',
    'index',
    'publish',
  ]);

  const report = await search({ out: path('found') });
  expect(report).toMatchObject({ artifact, items: ITEMS, dim: DIM, space, queries: QUERIES, k: 20 });
  expect(report).toMatchObject({ efSearch: index.efSearch, recallQueries: QUERIES });
  expect(Math.min(report.qps, report.p50Ms, report.p99Ms - report.p50Ms)).toBeGreaterThan(0);
  const ids = await readIntegers(path('found/ids.npy'));
  const scores = await readNpy(path('found/scores.npy'), 'float32');
  expect([ids.shape, scores.shape]).toEqual([
    [QUERIES, 20],
    [QUERIES, 20],
  ]);
  expect(shareFound(ids.values, 20, space)).toBeCloseTo(report.recall, 6);
  expect((await readdir(path('found'))).sort()).toEqual(['ids.npy', 'scores.npy']);
});

it('finds the narrowest search that reaches a recall on the queries, or takes the breadth that is given', async () => {
  await build();
  const tuned = await search({ targetRecall: 0.98 });
  expect(tuned).toMatchObject({ targetRecall: 0.98, recallQueries: QUERIES / 2 });
  expect(tuned.recall).toBeGreaterThan(0.95);
  const narrow = await search({ efSearch: 5 });
  expect(narrow.efSearch).toBe(5);
  expect(narrow.recall).toBeLessThan(tuned.recall);
});

it('keeps to an efSearch that the index is built with, and tunes on queries that are given', async () => {
  const given = await build({ hnsw: { m: 8, efConstruction: 60, efSearch: 33, targetRecall: 0.9 } });
  expect(given.index).toMatchObject({ efSearch: 33 });
  expect(given.index.targetRecall).toBeUndefined();
  const onQueries = await build({ queries: path('queries.npy') });
  expect(onQueries.index.recall['recall@50']).toBeGreaterThan(0.8);
});

it('gives exact scores, whether float32 was kept or not', async () => {
  const scoresOf = async (): Promise<Float32Array> => (await readNpy(path('found/scores.npy'), 'float32')).values;
  for (const float32 of ['kept', 'dropped'] as const) {
    await build({ float32 });
    await search({ exactScores: true, efSearch: 400, k: 5, out: path('found') });
    const truth = new ExactIndex(items, DIM).searchBatch(queries, 5).flatMap(({ scores }) => [...scores]);
    (await scoresOf()).forEach((score, i) => {
      expect(Math.abs(score - truth[i])).toBeLessThan(2e-6);
    });
  }
});

it('hands out the ids that were given: integers of any size, or text', async () => {
  const integers = BigInt64Array.from({ length: ITEMS }, (_, row) => BigInt(row) * 5_000_000_000n + 7n);
  // As pandas writes a column: with a second axis of one.
  await writeNpy(path('ids.npy'), integers, [ITEMS, 1]);
  await build({ ids: path('ids.npy') });
  const byNumber = await search({ out: path('found') });
  const { values } = await readIntegers(path('found/ids.npy'));
  expect(
    shareFound(
      Float64Array.from(values, (id) => (id - 7) / 5e9),
      20,
      'cosine',
    ),
  ).toBeCloseTo(byNumber.recall, 6);

  const texts = Array.from({ length: ITEMS }, (_, row) => `sku "${row}"`);
  await writeFile(path('ids.txt'), `\uFEFF${texts.join('\n')}\n`);
  await build({ ids: path('ids.txt') });
  const byText = await search({ out: path('words') });
  const lines = (await readFile(path('words/ids.jsonl'), 'utf8')).trimEnd().split('\n');
  const rows = lines.flatMap((line) => (JSON.parse(line) as string[]).map((id) => texts.indexOf(id)));
  expect([lines.length, rows.length, Math.min(...rows)]).toEqual([QUERIES, QUERIES * 20, expect.any(Number)]);
  expect(shareFound(rows, 20, 'cosine')).toBeCloseTo(byText.recall, 6);
});

it('returns what there is where more is asked for', async () => {
  await build();
  const report = await search({ k: 5000, efSearch: 10, out: path('found') });
  expect(report.recall).toBe(1);
  expect((await readIntegers(path('found/ids.npy'))).shape).toEqual([QUERIES, ITEMS]);
});

describe('refuses, and publishes nothing:', () => {
  const spoilt = (row: number, value: number): Float32Array => {
    const copy = items.slice();
    copy.fill(value, row * DIM, row * DIM + (value === 0 ? DIM : 1));
    return copy;
  };

  it.each<[string, () => Promise<unknown>, Partial<BuildRequest>, RegExp]>([
    [
      'a value that is not finite',
      () => writeNpy(path('v.npy'), spoilt(1234, NaN), [ITEMS, DIM]),
      {},
      /not finite in row 1234/,
    ],
    [
      'a zero row',
      () => writeNpy(path('v.npy'), spoilt(77, 0), [ITEMS, DIM]),
      {},
      /^Row 77 of .*v\.npy is the zero vector/,
    ],
    [
      'one dimension',
      () => writeNpy(path('v.npy'), items),
      {},
      /has the shape \[18000\], but it must have one vector in each/,
    ],
    [
      'integers',
      () => writeNpy(path('v.npy'), Int32Array.of(1, 2), [1, 2]),
      {},
      /holds int32 instead of float32, float64 or float16/,
    ],
    ['text', () => writeFile(path('v.npy'), 'a,b'), {}, /is not a \.npy file/],
    ['no file', () => Promise.resolve(), {}, /v\.npy does not exist/],
    [
      'queries of another width',
      async () => {
        await writeNpy(path('v.npy'), items, [ITEMS, DIM]);
        await writeNpy(path('q.npy'), items, [ITEMS * 2, DIM / 2]);
      },
      { queries: 'q.npy' },
      /The vectors of .*q\.npy have 6 dimensions, but those of the index have 12/,
    ],
  ])('%s', async (_, write, changes, message) => {
    await write();
    const queriesFile = changes.queries === undefined ? undefined : path(changes.queries);
    await expect(build({ vectors: path('v.npy'), queries: queriesFile })).rejects.toThrow(message);
    expect(await readdir(folder)).not.toContain('store');
  });

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'too few ids',
      () => writeNpy(path('ids.npy'), Int32Array.of(1, 2)),
      'ids.npy',
      /holds 2 ids, but there are 1500 vectors/,
    ],
    [
      'a table of ids',
      () => writeNpy(path('ids.npy'), new Int32Array(ITEMS * 2), [ITEMS, 2]),
      'ids.npy',
      /has the shape \[1500, 2\], but it must have one id for each of the 1500 vectors: \[1500\]\.$/,
    ],
    [
      'ids that are not UTF-8',
      () => writeFile(path('ids.txt'), Buffer.from('Größe\n', 'latin1')),
      'ids.txt',
      /^Line 1 of .*ids\.txt is not UTF-8 text; save the file as UTF-8\.$/,
    ],
    [
      'an id twice',
      () => writeFile(path('ids.txt'), 'a\n'.repeat(ITEMS)),
      'ids.txt',
      /The id "a" stands in rows 0 and 1/,
    ],
    ['an empty line', () => writeFile(path('ids.txt'), 'a\n\nb\n'), 'ids.txt', /^Line 2 of .*ids\.txt is empty/],
    ['no such ids', () => Promise.resolve(), 'ids.txt', /ids\.txt does not exist/],
  ])('%s', async (_, write, name, message) => {
    await write();
    await expect(build({ ids: path(name) })).rejects.toThrow(message);
    expect(await readdir(folder)).not.toContain('store');
  });

  it('a call that was ended', async () => {
    const request = {
      vectors: path('items.npy'),
      out: path('store'),
      space: 'ip',
      topK: 5,
      float32: 'kept',
      seed: 1,
    } as const;
    const hnsw = { m: 8, efConstruction: 60, efSearch: 0, targetRecall: 0.9 };
    const reason = new Error('enough');
    const ended = buildVectorIndex({ ...request, hnsw }, { signal: AbortSignal.abort(reason) });
    await expect(ended).rejects.toBe(reason);
    expect(await readdir(folder)).not.toContain('store');
  });
});

it('writes nothing where the queries cannot be read', async () => {
  await build();
  await expect(search({ queries: path('absent.npy'), out: path('found') })).rejects.toThrow(
    /absent\.npy does not exist/,
  );
  expect(await readdir(folder)).not.toContain('found');
});
