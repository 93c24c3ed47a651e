import { ExactIndex, SearchIndex } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '@vector-recall/towers';
import { toyModel } from '../testing/toy-world';
import { IndexBuilder, describeIndex } from './index-builder';
import { assessIndex } from './index-quality';

const config = { m: 16, efConstruction: 200, efSearch: 100 };

beforeAll(async () => {
  await selectBackend('wasm');
});

describe('IndexBuilder', () => {
  it('indexes every item of a model by its vector', async () => {
    const model = toyModel();
    const progress: number[] = [];
    const built = await new IndexBuilder(model, config, { onProgress: (done) => progress.push(done) }).build();
    expect(built.vectors).toHaveLength(200 * 16);
    expect(progress.at(-1)).toBe(200);
    const exact = new ExactIndex(built.vectors, 16);
    const query = built.vectors.subarray(16 * 5, 16 * 6);
    const [{ labels }] = await built.index.searchMany([{ vector: query, k: 10 }]);
    expect(labels.sort()).toEqual(exact.search(query, 10).labels.sort());
    expect(describeIndex({ index: built.index, recall: { 'recall@10': 1 } }, built.buildSeconds)).toMatchObject({
      engine: 'native',
      items: 200,
      dim: 16,
      m: 16,
      efSearch: 100,
    });
    await built.index.close();
  });

  it('indexes some of the items when they are given', async () => {
    const { index, vectors } = await new IndexBuilder(toyModel(), config).build(Int32Array.of(9, 4, 2));
    expect([index.size, vectors.length]).toEqual([3, 48]);
  });
});

describe('assessIndex', () => {
  const random = new RandomStream(4);
  const items = Float32Array.from({ length: 1000 * 8 }, () => random.normal());
  const users = Float32Array.from({ length: 60 * 8 }, () => random.normal());
  const assess = async (efSearch: number, cutoffs: number[]) => {
    const index = await SearchIndex.build(items, 8, { config: { m: 4, efConstruction: 20, efSearch }, seed: 1 });
    const options = { hnsw: { efSearch, targetRecall: 0.9 }, cutoffs, random: new RandomStream(5) };
    const assessed = await assessIndex(index, { items, users }, options);
    await index.close();
    // Whoever assesses an index leaves it as it is.
    expect(index.tuning).toBeUndefined();
    return assessed;
  };

  it('measures a search that is given, at the cutoffs that the catalogue has', async () => {
    const { index, recall } = await assess(1000, [5, 50, 2000]);
    expect(Object.keys(recall)).toEqual(['recall@5', 'recall@50']);
    for (const share of Object.values(recall)) expect(share).toBeGreaterThan(0.95);
    expect([index.efSearch, index.tuning]).toEqual([1000, undefined]);
  });

  it('tunes the search to the target where none is given', async () => {
    const { index, recall } = await assess(0, [50]);
    expect(index.tuning).toMatchObject({ targetRecall: 0.9, recall });
    expect(recall['recall@50']).toBeGreaterThan(0.87);
    expect(index.efSearch).toBeLessThan(500);
  });
});
