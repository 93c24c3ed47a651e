import { ExactIndex } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '@vector-recall/towers';
import { toyModel } from '../testing/toy-world';
import { IndexBuilder, describeIndex } from './index-builder';
import { indexRecall, sampleRows } from './index-quality';

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
    expect([...built.index.search(query, 10).labels]).toEqual([...exact.search(query, 10).labels]);
    expect(describeIndex(built, { 'recall@10': 1 })).toMatchObject({ engine: 'hnswlib', items: 200, dim: 16, m: 16 });
  });

  it('indexes some of the items when they are given', async () => {
    const { index, vectors } = await new IndexBuilder(toyModel(), config).build(Int32Array.of(9, 4, 2));
    expect([index.size, vectors.length]).toEqual([3, 48]);
  });
});

describe('indexRecall', () => {
  it('is 1 for an index that is exact, and less for one that has only half of the items', async () => {
    const random = new RandomStream(4);
    const vectors = Float32Array.from({ length: 300 * 8 }, () => random.normal());
    const users = Float32Array.from({ length: 50 * 8 }, () => random.normal());
    const both = { items: vectors, users };
    const exact = await indexRecall(new ExactIndex(vectors, 8), both, [5, 50, 1000], random);
    expect(exact).toEqual({ 'recall@5': 1, 'recall@50': 1 });
    const { 'recall@5': half } = await indexRecall(halfOf(vectors), both, [5], random);
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.7);
  });

  /** Of the even rows, repeated in place of the odd ones far away, only the even ones can be found. */
  function halfOf(vectors: Float32Array): ExactIndex {
    const hidden = vectors.map((value, n) => (Math.floor(n / 8) % 2 === 0 ? value : 1e-3 * (n % 8)));
    return new ExactIndex(hidden, 8);
  }
});

describe('sampleRows', () => {
  it('draws rows without repeats', () => {
    const matrix = Float32Array.from({ length: 40 }, (_, n) => Math.floor(n / 2));
    const rows = [...sampleRows(matrix, 2, 8, new RandomStream(2))];
    expect(rows).toHaveLength(16);
    expect(new Set(rows).size).toBe(8);
    expect(sampleRows(matrix, 2, 100, new RandomStream(2))).toHaveLength(40);
  });
});
