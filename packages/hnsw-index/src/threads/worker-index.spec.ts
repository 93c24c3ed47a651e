import { mkdtemp, rm, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexQuery } from '../concurrent-index';
import { IndexArgumentError, IndexFileError, IndexThreadError } from '../errors';
import { ExactIndex } from '../exact/exact-index';
import { HnswIndex } from '../hnsw/hnsw-index';
import { clusteredVectors } from '../testing/clustered-vectors';
import { WorkerIndex } from './worker-index';

const DIM = 8;
const ROWS = 400;
/** As many candidates as rows: the graph is searched whole, so that its results are the true ones. */
const config = { m: 16, efConstruction: 200, efSearch: ROWS };
const mortalThread = join(__dirname, '..', 'testing', 'mortal-search-thread');

const vectors = clusteredVectors(ROWS, DIM, 1);
const queries = clusteredVectors(40, DIM, 2);
const exact = new ExactIndex(vectors, DIM);
const vectorAt = (i: number): Float32Array => queries.subarray(i * DIM, (i + 1) * DIM);

let folder: string;
let index: WorkerIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'worker-index-'));
  await (await HnswIndex.build(vectors, DIM, { config, seed: 1 })).save(folder);
  index = await WorkerIndex.open(folder, { threads: 2 });
});

afterAll(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

it('knows what it holds', () => {
  expect(index).toMatchObject({ size: ROWS, dim: DIM, space: 'cosine', efSearch: ROWS, queueLength: 0 });
});

it('finds the true neighbours of many queries at once, each with its own options', async () => {
  const asked: IndexQuery[] = Array.from({ length: 40 }, (_, i) => ({
    vector: vectorAt(i),
    k: 1 + i,
    efSearch: i % 2 === 0 ? undefined : ROWS,
    exclude: i % 3 === 0 ? undefined : exact.search(vectorAt(i), 5).labels.subarray(0, i % 5),
  }));
  const found = await index.searchMany(asked);
  expect(found).toHaveLength(40);
  asked.forEach(({ vector, k, exclude }, i) => {
    const truth = exact.search(vector, k, { exclude: new Set(exclude) });
    expect(found[i].labels).toEqual(truth.labels);
    truth.scores.forEach((score, rank) => {
      expect(found[i].scores[rank]).toBeCloseTo(score, 5);
    });
  });
});

it('leaves the vectors and exclusions of a query as they were', async () => {
  const exclude = Int32Array.of(1, 2, 3);
  const vector = vectorAt(0).slice();
  await index.searchMany([{ vector, k: 3, exclude }]);
  expect(exclude).toEqual(Int32Array.of(1, 2, 3));
  expect(vector).toEqual(vectorAt(0));
});

it('answers no queries with no results, and passes over rows that there are not', async () => {
  expect(await index.searchMany([])).toEqual([]);
  const exclude = Int32Array.of(-1, ROWS, 2 ** 31 - 1);
  const [found] = await index.searchMany([{ vector: vectorAt(0), k: ROWS + 5, exclude }]);
  expect(found.labels).toHaveLength(ROWS);
});

it.each<[string, IndexQuery, string]>([
  ['k', { vector: vectorAt(0), k: 0 }, 'k is 0, but it must be an integer of at least 1.'],
  ['efSearch', { vector: vectorAt(0), k: 1, efSearch: 0 }, 'efSearch is 0, but it must be an integer of at least 1.'],
  ['query', { vector: new Float32Array(3), k: 1 }, 'The query has 3 values, but the index has 8 dimensions.'],
])('refuses a bad %s before a thread sees it', async (argument, query, message) => {
  const call = index.searchMany([{ vector: vectorAt(0), k: 1 }, query]);
  await expect(call).rejects.toEqual(new IndexArgumentError(argument, message));
});

describe('a call that is ended', () => {
  const reason = new Error('the caller has left');

  it('is refused when it was ended before', async () => {
    await expect(index.searchMany([{ vector: vectorAt(0), k: 1 }], AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('gives its place in the line to the next', async () => {
    const controller = new AbortController();
    const query = { vector: vectorAt(0), k: ROWS };
    const long = index.searchMany(new Array<IndexQuery>(5000).fill(query), controller.signal);
    const next = index.searchMany([query]);
    expect(index.queueLength).toBeGreaterThan(4900);
    controller.abort(reason);
    await expect(long).rejects.toBe(reason);
    expect((await next)[0].labels).toHaveLength(ROWS);
    expect(index.queueLength).toBe(0);
  });
});

describe('opening', () => {
  it('refuses a folder without an index', async () => {
    const missing = WorkerIndex.open(join(folder, 'nothing'), { threads: 1 });
    await expect(missing).rejects.toBeInstanceOf(IndexFileError);
    await expect(missing).rejects.toMatchObject({ code: 'INDEX_FILE_INVALID', fault: 'missing' });
  });

  it.each([0, 1.5])('refuses %d threads', async (threads) => {
    await expect(WorkerIndex.open(folder, { threads })).rejects.toThrow(
      `threads is ${threads}, but it must be an integer of at least 1.`,
    );
  });
});

describe('closing', () => {
  it('answers what was asked, and refuses what is asked later', async () => {
    const closing = await WorkerIndex.open(folder, { threads: 1 });
    const asked = closing.searchMany(Array.from({ length: 20 }, (_, i) => ({ vector: vectorAt(i), k: 2 })));
    await closing.close();
    expect(await asked).toHaveLength(20);
    await expect(closing.searchMany([{ vector: vectorAt(0), k: 1 }])).rejects.toBeInstanceOf(IndexThreadError);
  });
});

describe('a thread that ends', () => {
  it('fails the queries that it had, and another takes its place', async () => {
    const mortal = await WorkerIndex.open(folder, { threads: 1 }, mortalThread);
    const failed = mortal.searchMany([{ vector: vectorAt(0), k: 13 }]);
    const waiting = mortal.searchMany([{ vector: vectorAt(1), k: 4 }]);
    await expect(failed).rejects.toBeInstanceOf(IndexThreadError);
    await expect(failed).rejects.toMatchObject({
      code: 'INDEX_THREAD_ENDED',
      message: 'A search thread ended while it had the query; ask again.',
      cause: { code: 'THREAD_ENDED' },
    });
    expect((await waiting)[0].labels).toEqual(exact.search(vectorAt(1), 4).labels);
    await mortal.close();
  });

  it('fails all queries where no other can take its place', async () => {
    const moved = `${folder}-moved`;
    const mortal = await WorkerIndex.open(folder, { threads: 1 }, mortalThread);
    await rename(folder, moved);
    const failed = mortal.searchMany([{ vector: vectorAt(0), k: 13 }]);
    const waiting = mortal.searchMany([{ vector: vectorAt(1), k: 4 }]);
    await expect(failed).rejects.toBeInstanceOf(IndexThreadError);
    const message = `The search threads have ended and no other could open ${folder}; open the artifact again.`;
    await expect(waiting).rejects.toMatchObject({ message, cause: { code: 'INDEX_FILE_INVALID' } });
    await expect(mortal.searchMany([{ vector: vectorAt(0), k: 1 }])).rejects.toMatchObject({ message });
    await mortal.close();
    await rename(moved, folder);
  });
});
