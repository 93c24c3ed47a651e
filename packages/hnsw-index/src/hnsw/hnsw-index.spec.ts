import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex } from '../exact/exact-index';
import { measureRecall } from '../measure-recall';
import { clusteredVectors } from '../testing/clustered-vectors';
import type { SearchResult, Space } from '../vector-index';
import { HnswIndex } from './hnsw-index';

const DIM = 16;
const config = { m: 16, efConstruction: 100, efSearch: 60 };
const vectors = clusteredVectors(3000, DIM, 1);
const queries = clusteredVectors(50, DIM, 2);
const query = queries.subarray(0, DIM);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hnsw-index-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The same rows, and scores but for the last bits that single precision loses. */
function expectSame(actual: SearchResult, expected: SearchResult): void {
  expect([...actual.labels]).toEqual([...expected.labels]);
  actual.scores.forEach((score, i) => {
    expect(score).toBeCloseTo(expected.scores[i], 4);
  });
}

describe.each<Space>(['cosine', 'ip', 'l2'])('HnswIndex under %s', (space) => {
  const exact = new ExactIndex(vectors, DIM, space);
  let index: HnswIndex;
  beforeAll(async () => {
    index = await HnswIndex.build(vectors, DIM, { config, space, seed: 3 });
  });

  it('agrees with exact search, when asked twice, saved, loaded and asked again', async () => {
    const expected = exact.search(query, 10);
    expectSame(index.search(query, 10), expected);
    expectSame(index.search(query, 10), expected);
    await index.save(folder);
    const loaded = await HnswIndex.load(folder);
    expect(loaded).toMatchObject({ size: 3000, dim: DIM, space, isExact: false, ...config });
    expectSame(loaded.search(query, 10), expected);
    expect(loaded.searchBatch(queries, 25)).toEqual(index.searchBatch(queries, 25));
  });

  it('finds at least 98 % of the true neighbours', () => {
    expect(measureRecall(index, exact, queries, 20)).toBeGreaterThan(0.98);
  });

  it('returns scores from best to worst', () => {
    const { scores } = index.search(query, 100);
    expect(scores).toHaveLength(100);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
  });
});

describe('HnswIndex', () => {
  let index: HnswIndex;
  const exact = new ExactIndex(vectors, DIM);
  beforeAll(async () => {
    index = await HnswIndex.build(vectors, DIM, { config, seed: 3 });
  });

  it('builds the same graph from the same seed, and another from another', async () => {
    const low = { ...config, m: 4, efSearch: 5 };
    const build = async (seed: number): Promise<SearchResult[]> =>
      (await HnswIndex.build(vectors, DIM, { config: low, seed })).searchBatch(queries, 5);
    expect(await build(5)).toEqual(await build(5));
    expect(await build(5)).not.toEqual(await build(6));
  });

  it('searches wider with a higher efSearch', async () => {
    const sparse = await HnswIndex.build(vectors, DIM, { config: { m: 3, efConstruction: 10, efSearch: 10 }, seed: 3 });
    const recallAt = (efSearch: number): number => {
      const truth = exact.searchBatch(queries, 10);
      const found = sparse.searchBatch(queries, 10, { efSearch });
      return truth.reduce((sum, { labels }, i) => sum + labels.filter((l) => found[i].labels.includes(l)).length, 0);
    };
    expect(recallAt(200)).toBeGreaterThan(recallAt(10));
    // The wider search was for that call only.
    expect(recallAt(10)).toBe(measureRecall(sparse, exact, queries, 10) * 500);
  });

  it.each([0, 1, 5, 40, 400])('leaves out %i nearest rows and fills up with the next best', (excluded) => {
    const exclude = new Set(exact.search(query, Math.max(1, excluded)).labels.subarray(0, excluded));
    const { labels } = index.search(query, 20, { exclude });
    expect([...labels]).toEqual([...exact.search(query, 20, { exclude }).labels]);
  });

  it('returns what is left when nearly everything is excluded', () => {
    const left = [17, 1234, 2999];
    const exclude = new Set(Array.from({ length: 3000 }, (_, i) => i).filter((i) => !left.includes(i)));
    const { labels } = index.search(query, 10, { exclude });
    expect([...labels].sort((a, b) => a - b)).toEqual(left);
    exclude.add(17).add(1234).add(2999);
    expect(index.search(query, 10, { exclude }).labels).toHaveLength(0);
  });

  it('returns every row once when k passes the size', async () => {
    const small = await HnswIndex.build(vectors.subarray(0, 30 * DIM), DIM, { config, seed: 1 });
    expect(new Set(small.search(query, 1000).labels).size).toBe(30);
  });

  it('scores vectors whose squares are beyond single precision', async () => {
    const extremes = Float32Array.of(1e-30, 0, 1e30, 1e30);
    const two = await HnswIndex.build(extremes, 2, { config, seed: 1 });
    expectSame(two.search(Float32Array.of(1e-20, 0), 2), new ExactIndex(extremes, 2).search(Float32Array.of(1, 0), 2));
  });

  it('lets the event loop run while it builds, and tells its progress', async () => {
    const calls: [number, number][] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await HnswIndex.build(vectors, DIM, {
      config: { ...config, efConstruction: 400 },
      seed: 1,
      onProgress: (done, total) => calls.push([done, total]),
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
    expect(calls.length).toBeGreaterThan(2);
    expect(calls.at(-1)).toEqual([3000, 3000]);
    expect(calls.map(([done]) => done)).toEqual(calls.map(([done]) => done).sort((a, b) => a - b));
  });

  it('stops building with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const built = HnswIndex.build(vectors, DIM, {
      config: { ...config, efConstruction: 400 },
      seed: 1,
      signal: controller.signal,
      onProgress: () => {
        controller.abort(reason);
      },
    });
    await expect(built).rejects.toBe(reason);
    await expect(HnswIndex.build(vectors, DIM, { config, seed: 1, signal: controller.signal })).rejects.toBe(reason);
  });

  it('says how much memory it takes, near the size of its file', () => {
    // 3000 elements of 33 links of 4 bytes, 16 floats and a label, plus what is kept beside them.
    expect(index.memoryBytes).toBeGreaterThan(3000 * (33 * 4 + 16 * 4 + 8));
    expect(index.memoryBytes).toBeLessThan(3000 * (33 * 4 + 16 * 4 + 8) * 1.6);
  });
});
