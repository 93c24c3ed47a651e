import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex } from '../exact/exact-index';
import { HnswIndex } from '../hnsw/hnsw-index';
import { clusteredVectors } from '../testing/clustered-vectors';
import { NeighbourSample } from '../tuning/neighbour-sample';
import { tuneSearch } from '../tuning/tune-search';
import { chooseEngine, type EngineName } from './choose-engine';
import { openSearchIndex } from './open-search-index';
import { SearchIndex, servingFile } from './search-index';

const DIM = 24;
const SIZE = 2000;
const vectors = clusteredVectors(SIZE, DIM, 1);
const queries = clusteredVectors(60, DIM, 2);
const sample = NeighbourSample.of(new ExactIndex(vectors, DIM), queries, 50);
const config = { m: 8, efConstruction: 60 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'search-index-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe.each<EngineName>(['native', 'hnswlib-node'])('SearchIndex by %s', (engine) => {
  let index: SearchIndex;
  beforeAll(async () => {
    index = await SearchIndex.build(vectors, DIM, { config, seed: 1, engine });
  });
  afterAll(() => index.close());

  it('is tuned, saved and opened with what was chosen', async () => {
    const untuned = index.efSearch;
    const tuned = await tuneSearch(index, sample, { targetRecall: 0.9, cutoffs: [50] });
    expect([index.efSearch, index.tuning]).toEqual([untuned, undefined]);
    index = index.withTuning(tuned);
    expect(tuned.recall['recall@50']).toBeGreaterThan(0.88);
    expect(index.efSearch).toBe(tuned.efSearch);
    await index.save(folder);
    const opened = await openSearchIndex(folder, { engine, threads: 2 });
    const { targetRecall, recall, isReached } = tuned;
    expect(opened).toMatchObject({ engine, tuning: { targetRecall, recall, isReached } });
    expect(opened.index).toMatchObject({ size: SIZE, dim: DIM, space: 'cosine', efSearch: tuned.efSearch });
    const asked = [{ vector: queries.subarray(0, DIM), k: 50 }];
    const [{ labels }] = await opened.index.searchMany(asked);
    expect([...labels]).toEqual([...(await index.searchMany(asked))[0].labels]);
    await opened.index.close();
  });

  it.each(['kept', 'dropped'] as const)('gives exact scores, float32 %s', async (float32) => {
    const some = vectors.subarray(0, 300 * DIM);
    const built = await SearchIndex.build(some, DIM, { config, seed: 1, engine, float32 });
    await built.save(folder);
    const opened = await openSearchIndex(folder, { engine, threads: 1, exactScores: true });
    const query = queries.subarray(0, DIM);
    const [{ labels, scores }] = await opened.index.searchMany([{ vector: query, k: 20, exactScores: true }]);
    const all = new ExactIndex(some, DIM).search(query, 300);
    const truth = new Map(Array.from(all.labels, (label, place) => [label, all.scores[place]]));
    labels.forEach((label, place) => {
      expect(Math.abs(scores[place] - (truth.get(label) ?? NaN))).toBeLessThan(2e-6);
    });
    await opened.index.close();
    await built.close();
  });

  it('leaves a graph that hnswlib opens', async () => {
    await index.save(folder);
    expect(await HnswIndex.load(folder)).toMatchObject({ size: SIZE, m: 8, efSearch: index.efSearch });
    const files = ['hnsw.bin', 'hnsw.meta.json', ...(engine === 'native' ? [servingFile] : [])];
    expect((await readdir(folder)).sort()).toEqual(files.sort());
  });

  it('keeps to an efSearch that is given', async () => {
    const given = await SearchIndex.build(vectors.subarray(0, 40 * DIM), DIM, {
      config: { ...config, efSearch: 17 },
      seed: 1,
      engine,
    });
    expect([given.efSearch, given.tuning]).toEqual([17, undefined]);
    await given.close();
  });
});

it('opens a folder without a serving file, as older releases left them', async () => {
  const older = await HnswIndex.build(vectors, DIM, { config: { ...config, efSearch: 33 }, seed: 1 });
  await older.save(folder);
  const { index, engine } = await openSearchIndex(folder);
  expect(engine).toBe('native');
  expect(index.efSearch).toBe(33);
  expect((await sample.recall(index, 20)).mean).toBeGreaterThan(0.9);
  await index.close();
});

it('leaves dimensions that the engine does not take to hnswlib-node', async () => {
  expect(chooseEngine(1)).toEqual({
    engine: 'hnswlib-node',
    reason: 'The native engine takes 2 to 4096 dimensions, and not 1.',
  });
  const index = await SearchIndex.build(Float32Array.of(1, 2, 3), 1, { config, seed: 1, space: 'l2' });
  expect(index.engine).toBe('hnswlib-node');
  const [{ labels }] = await index.searchMany([{ vector: Float32Array.of(2.9), k: 1 }]);
  expect([...labels]).toEqual([2]);
  await index.close();
});
