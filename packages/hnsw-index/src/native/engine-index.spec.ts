import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex } from '../exact/exact-index';
import { HnswIndex } from '../hnsw/hnsw-index';
import { clusteredVectors } from '../testing/clustered-vectors';
import type { RowBits, SearchResult, Space } from '../vector-index';
import { EngineGraph } from './engine-graph';
import { EngineIndex, instructionSets } from './engine-index';
import type { EngineQuery } from './engine-search';

const DIM = 24;
const SIZE = 3000;
const vectors = clusteredVectors(SIZE, DIM, 1);
const queries = clusteredVectors(50, DIM, 2);
const config = { m: 12, efConstruction: 100, efSearch: 60 };

const query = (i: number): Float32Array => queries.subarray(i * DIM, (i + 1) * DIM);
const batch = (k: number, options: Partial<EngineQuery> = {}): EngineQuery[] =>
  Array.from({ length: 50 }, (_, i) => ({ vector: query(i), k, ...options }));

/** The share of the true neighbours among what was found. */
function recall(found: readonly SearchResult[], truth: readonly SearchResult[]): number {
  const hits = truth.map(({ labels }, i) => labels.filter((label) => found[i].labels.includes(label)).length);
  return hits.reduce((a, b) => a + b) / truth.reduce((sum, { labels }) => sum + labels.length, 0);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-index-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe.each<Space>(['cosine', 'ip', 'l2'])('EngineIndex under %s', (space) => {
  const exact = new ExactIndex(vectors, DIM, space);
  let index: EngineIndex;
  beforeAll(async () => {
    index = await EngineIndex.build(vectors, DIM, { config, space, seed: 3, threads: 2, float32: 'kept' });
  });
  afterAll(() => index.close());

  it.each(instructionSets())(
    'finds the true neighbours on %s, the same when it is asked again',
    async (instructions) => {
      const file = join(folder, 'index');
      await index.save(file);
      const opened = await EngineIndex.open(file, { instructions, threads: 2 });
      expect(opened.info.instructions).toBe(instructions);
      const found = await opened.searchMany(batch(20));
      const truth = exact.searchBatch(queries, 20);
      expect(recall(found, truth)).toBeGreaterThan(0.93);
      expect(recall(await opened.searchMany(batch(20, { exactScores: true, efSearch: 150 })), truth)).toBeGreaterThan(
        0.98,
      );
      expect(await opened.searchMany(batch(20))).toEqual(found);
      await opened.close();
    },
  );

  it('scores near the truth, and by the stored vectors where it is asked to', async () => {
    const truth = exact.searchBatch(queries, SIZE);
    const scoreOf = truth.map(({ labels, scores }) => new Map(Array.from(labels, (label, i) => [label, scores[i]])));
    const range = space === 'cosine' ? 1 : 10;
    const check = (found: SearchResult[], digits: number): void => {
      found.forEach(({ labels, scores }, i) => {
        expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
        labels.forEach((label, n) => {
          expect(scores[n] / range).toBeCloseTo((scoreOf[i].get(label) ?? NaN) / range, digits);
        });
      });
    };
    check(await index.searchMany(batch(20)), 2);
    check(await index.searchMany(batch(20, { exactScores: true })), 5);
  });

  it('returns every row for a k of the size or more', async () => {
    const [{ labels }] = await index.searchMany([{ vector: query(0), k: 10 * SIZE }]);
    expect(new Set(labels).size).toBe(SIZE);
  });
});

describe('EngineIndex', () => {
  const exact = new ExactIndex(vectors, DIM);
  let graph: EngineGraph;
  let index: EngineIndex;
  beforeAll(async () => {
    graph = await EngineGraph.build(vectors, DIM, { config, seed: 3, threads: 1 });
    index = await EngineIndex.fromGraph(graph, { threads: 2 });
  });
  afterAll(() => index.close());

  it('is the same after it was saved and opened, mapped or copied', async () => {
    const expected = await index.searchMany(batch(30));
    const file = join(folder, 'index.engine');
    await index.save(file);
    for (const memory of ['mapped', 'copied'] as const) {
      const opened = await EngineIndex.open(file, { memory });
      const { size, dim, space, m, efConstruction, efSearch } = opened;
      expect({ size, dim, space, m, efConstruction, efSearch }).toEqual({
        size: SIZE,
        dim: DIM,
        space: 'cosine',
        ...config,
      });
      expect(opened.info).toMatchObject({ memory, float32: 'dropped' });
      expect(await opened.searchMany(batch(30))).toEqual(expected);
      await opened.close();
    }
  });

  it('stores another efSearch on request', async () => {
    const file = join(folder, 'index.engine');
    await index.save(file, { efSearch: 7 });
    const opened = await EngineIndex.open(file);
    expect(opened.efSearch).toBe(7);
    await opened.close();
  });

  it('makes the same index from the graph that was saved, which hnswlib opens too', async () => {
    await graph.save(folder);
    const again = await EngineIndex.fromGraph(folder);
    expect(await again.searchMany(batch(30))).toEqual(await index.searchMany(batch(30)));
    await again.close();
    const hnsw = await HnswIndex.load(folder);
    expect(recall(hnsw.searchBatch(queries, 20), exact.searchBatch(queries, 20))).toBeGreaterThan(0.98);
  });

  it('builds the same graph with one thread and the same seed, and another with another', async () => {
    const low = { m: 4, efConstruction: 20, efSearch: 5 };
    const build = async (seed: number): Promise<SearchResult[]> => {
      const built = await EngineIndex.build(vectors, DIM, { config: low, seed, threads: 1 });
      const found = await built.searchMany(batch(5));
      await built.close();
      return found;
    };
    expect(await build(5)).toEqual(await build(5));
    expect(await build(5)).not.toEqual(await build(6));
  });

  it('finds more with a higher efSearch, and k even with the lowest', async () => {
    const truth = exact.searchBatch(queries, 10);
    const narrow = await index.searchMany(batch(10, { efSearch: 1 }));
    const wide = await index.searchMany(batch(10, { efSearch: 200 }));
    expect(narrow.map(({ labels }) => labels.length)).toEqual(Array<number>(50).fill(10));
    expect(recall(wide, truth)).toBeGreaterThan(recall(narrow, truth));
  });

  it.each([0, 1, 5, 40, 400])('leaves out %i nearest rows and fills up with the next best', async (count) => {
    const exclude = exact.search(query(0), Math.max(1, count)).labels.slice(0, count);
    const [{ labels }] = await index.searchMany([{ vector: query(0), k: 20, exclude, efSearch: 200 }]);
    const truth = exact.search(query(0), 20, { exclude: new Set(exclude) });
    expect(labels.filter((label) => exclude.includes(label))).toHaveLength(0);
    expect(recall([{ labels, scores: truth.scores }], [truth])).toBeGreaterThanOrEqual(0.85);
  });

  it.each([3000, 2999, 2000, 500, 40, 3, 0])('returns only rows of a filter that allows %i', async (allowed) => {
    const order = Int32Array.from({ length: SIZE }, (_, i) => (i * 7) % SIZE);
    const only = order.subarray(0, allowed);
    const except = order.subarray(allowed);
    const truth = exact.searchBatch(queries, 20, { exclude: new Set(except) });
    const byOnly = await index.searchMany(batch(20, { filter: index.filter({ only }) }));
    const byBits = await index.searchMany(batch(20, { allowed: bitsOf(only) }));
    expect(byBits.map(({ labels, scores }) => ({ labels, scores }))).toEqual(
      byOnly.map(({ labels, scores }) => ({ labels, scores })),
    );
    const byExcept = await index.searchMany(batch(20, { filter: index.filter({ except }) }));
    expect(byOnly).toEqual(byExcept);
    expect(byOnly.map(({ labels }) => labels.length)).toEqual(Array<number>(50).fill(Math.min(20, allowed)));
    expect(byOnly.flatMap(({ labels }) => [...labels.filter((label) => !only.includes(label))])).toEqual([]);
    if (allowed > 0) expect(recall(byOnly, truth)).toBeGreaterThan(0.93);
  });

  it('answers queries of different k, limits and exclusions in their order', async () => {
    const mixed: EngineQuery[] = [
      { vector: query(0), k: 5 },
      { vector: query(1), k: 1, exclude: exact.search(query(1), 1).labels },
      { vector: query(2), k: 50, efSearch: 300 },
    ];
    const together = await index.searchMany(mixed);
    const alone = await Promise.all(mixed.map((one) => index.searchMany([one])));
    expect(together).toEqual(alone.flat());
    expect(together.map(({ labels }) => labels.length)).toEqual([5, 1, 50]);
    expect(together[1].labels[0]).not.toBe(exact.search(query(1), 1).labels[0]);
    expect(await index.searchMany([])).toEqual([]);
  });

  it('finds the same on the calling thread', async () => {
    const only = Int32Array.from({ length: SIZE / 2 }, (_, row) => 2 * row);
    const asked: EngineQuery[] = [
      { vector: query(0), k: 5 },
      { vector: query(1), k: 40, efSearch: 300, exclude: exact.search(query(1), 1).labels },
      { vector: query(2), k: 50, filter: index.filter({ only }) },
    ];
    expect(asked.map((one) => index.searchSync(one))).toEqual(await index.searchMany(asked));
  });

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const search = index.searchMany(batch(20), controller.signal);
    controller.abort(reason);
    await expect(search).rejects.toBe(reason);
    await expect(index.searchMany(batch(20), controller.signal)).rejects.toBe(reason);
    await expect(index.searchMany(batch(20))).resolves.toHaveLength(50);
  });

  it('finishes what is under way when it is closed, and refuses what comes later', async () => {
    const closing = await EngineIndex.fromGraph(graph, { threads: 1 });
    // As many as one thread can't have begun by the time the call returns, however the processor's time is shared.
    const many = Array.from({ length: 200 }, () => batch(20)).flat();
    const search = closing.searchMany(many);
    expect(closing.queueLength).toBeGreaterThan(0);
    await Promise.all([closing.close(), closing.close()]);
    expect(await search).toHaveLength(many.length);
    expect(closing.queueLength).toBe(0);
    await expect(closing.searchMany(batch(20))).rejects.toThrow('The index is closed; open it again to search it.');
    expect(() => closing.searchSync(batch(20)[0])).toThrow('The index is closed; open it again to search it.');
    await expect(closing.save(join(folder, 'late'))).rejects.toThrow(
      'The index is closed; open it again to search it.',
    );
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('unmaps its file when it is closed', async () => {
    const file = join(folder, 'served');
    const built = await EngineIndex.fromGraph(graph, { threads: 1 });
    await built.save(file);
    await built.close();
    const opened = await EngineIndex.open(file, { threads: 1, memory: 'mapped' });
    const mapped = async (): Promise<boolean> => (await readFile('/proc/self/maps', 'utf8')).includes(file);
    expect(await mapped()).toBe(true);
    await opened.close();
    expect(await mapped()).toBe(false);
  });

  it('tells its progress and stops with the reason of the signal', async () => {
    const calls: [number, number][] = [];
    const controller = new AbortController();
    const reason = new Error('enough');
    const many = clusteredVectors(20_000, DIM, 4);
    const onProgress = (done: number, total: number): void => {
      calls.push([done, total]);
      controller.abort(reason);
    };
    const options = { config, seed: 1, threads: 1, onProgress, signal: controller.signal };
    await expect(EngineGraph.build(many, DIM, options)).rejects.toBe(reason);
    expect(calls[0][0]).toBeLessThan(20_000);
    expect(calls[0][1]).toBe(20_000);
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['truncated', (bytes) => bytes.subarray(0, bytes.length - 5000), 'truncated'],
    ['truncated', (bytes) => bytes.subarray(0, 100), 'truncated'],
    ['truncated', () => Buffer.alloc(0), 'truncated'],
    ['foreign', () => Buffer.from('something else altogether'), 'foreign'],
    ['damaged', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]), 'damaged'],
    ['damaged', (bytes) => flip(bytes, 40), 'damaged'],
    ['damaged', (bytes) => flip(bytes, 4096 * 3 + 7), 'damaged'],
    ['damaged', (bytes) => flip(bytes, bytes.length >> 1), 'damaged'],
  ])('refuses a %s file', async (_, change, fault) => {
    const file = join(folder, 'index.engine');
    await index.save(file);
    await writeFile(file, change(await readFile(file)));
    await expect(EngineIndex.open(file)).rejects.toMatchObject({ code: 'INDEX_FILE_INVALID', file, fault });
  });

  it('names a file that is not there or cannot be written', async () => {
    const file = join(folder, 'none', 'index.engine');
    await expect(EngineIndex.open(file)).rejects.toMatchObject({ code: 'INDEX_FILE_INVALID', fault: 'missing', file });
    await expect(index.save(file)).rejects.toMatchObject({ code: 'INDEX_FILE_INVALID', fault: 'unwritable', file });
  });

  it.each<[string, Partial<EngineQuery>, string]>([
    ['exclude', { exclude: [1] as never }, 'exclude must be an Int32Array.'],
    [
      'exactScores',
      { exactScores: true },
      "The index was made with float32 'dropped', so it has no exact scores; make it with 'kept'.",
    ],
    ['k', { k: 0 }, 'k is 0, but it must be an integer of at least 1.'],
    ['query', { vector: new Float32Array(3) }, 'The query has 3 values, but the index has 24 dimensions.'],
  ])('refuses a bad %s', async (argument, change, message) => {
    const asked = { vector: query(0), k: 5, ...change };
    const refusal = { code: 'INDEX_ARGUMENT_INVALID', argument, message };
    await expect(index.searchMany([asked])).rejects.toMatchObject(refusal);
    expect(() => index.searchSync(asked)).toThrow(message);
  });

  it('refuses a set of rows of another size', async () => {
    const allowed = { words: new Uint32Array(1), rowCount: 7, size: 0 };
    await expect(index.searchMany([{ vector: query(0), k: 5, allowed }])).rejects.toThrow(
      `allowed is a set of 7 rows, but the index has ${SIZE}.`,
    );
  });

  it('refuses a filter of another index', async () => {
    const other = await EngineIndex.fromGraph(graph, { threads: 1 });
    const filter = other.filter({ only: Int32Array.of(1) });
    await expect(index.searchMany([{ vector: query(0), k: 5, filter }])).rejects.toThrow(
      'The filter was made by another index; make it by the one that is searched.',
    );
    await other.close();
  });

  it.each([
    [{ threads: 0 }, 'threads is 0, but it must be an integer from 1 to 1024.'],
    [{ instructions: 'mmx' }, /^instructions is 'mmx', but this processor has .*portable\.$/],
  ])('refuses to build with %p', async (options, message) => {
    await expect(EngineGraph.build(vectors, DIM, { config, seed: 1, ...options })).rejects.toThrow(message);
  });
});

function bitsOf(rows: Int32Array): RowBits {
  const words = new Uint32Array(Math.ceil(SIZE / 32));
  for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
  return { words, rowCount: SIZE, size: rows.length };
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] ^= 0x10;
  return bytes;
}
