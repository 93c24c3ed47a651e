import { IndexArgumentError } from './errors';
import { ExactIndex } from './exact/exact-index';
import { HnswIndex } from './hnsw/hnsw-index';
import { measureRecall } from './measure-recall';
import type { Space, VectorIndex } from './vector-index';

const config = { m: 4, efConstruction: 20, efSearch: 10 };
const vectors = Float32Array.of(1, 0, 0, 1, -1, 0);
const untyped = (value: unknown): never => value as never;

describe.each<[string, (vectors: Float32Array, dim: number, space?: Space) => Promise<VectorIndex>]>([
  ['ExactIndex', async (...given) => Promise.resolve().then(() => new ExactIndex(...given))],
  ['HnswIndex', async (values, dim, space) => HnswIndex.build(values, dim, { config, seed: 1, space })],
])('%s refuses', (_, build) => {
  it.each<[string, Float32Array, number, Space | undefined, string]>([
    ['dim', vectors, 0, undefined, 'dim is 0, but it must be an integer from 1 to 65536.'],
    ['dim', vectors, 1.5, undefined, 'dim is 1.5, but it must be an integer from 1 to 65536.'],
    ['dim', vectors, 70_000, undefined, 'dim is 70000, but it must be an integer from 1 to 65536.'],
    ['vectors', vectors, 4, undefined, 'vectors has 6 values, but it must have one or more rows of 4.'],
    ['vectors', new Float32Array(0), 2, undefined, 'vectors has 0 values, but it must have one or more rows of 2.'],
    ['vectors', untyped([1, 2]), 2, undefined, 'vectors must be a Float32Array.'],
    [
      'vectors',
      Float32Array.of(1, 0, 0, NaN),
      2,
      'l2',
      'vectors holds a value that is not finite in row 1; remove the row or mend what made it.',
    ],
    [
      'vectors',
      Float32Array.of(1, 0, -Infinity, 1),
      2,
      'ip',
      'vectors holds a value that is not finite in row 1; remove the row or mend what made it.',
    ],
    [
      'vectors',
      Float32Array.of(1, 0, 0, 0),
      2,
      'cosine',
      'Row 1 of vectors is the zero vector, which has no direction and so no cosine; remove it or use ip or l2.',
    ],
    ['space', vectors, 2, untyped('hamming'), "The space is 'hamming', but it must be cosine, ip or l2."],
  ])('bad %s', async (argument, values, dim, space, message) => {
    const error: unknown = await build(values, dim, space).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IndexArgumentError);
    expect(error).toMatchObject({ code: 'INDEX_ARGUMENT_INVALID', argument, message });
  });

  it.each<[string, number[], number, object, string]>([
    ['query', [1, 2, 3], 1, {}, 'The query has 3 values, but the index has 2 dimensions.'],
    ['query', [], 1, {}, 'The query has 0 values, but the index has 2 dimensions.'],
    ['query', [NaN, 0], 1, {}, 'query holds a value that is not finite in row 0; remove the row or mend what made it.'],
    [
      'query',
      [0, 0],
      1,
      {},
      'Row 0 of query is the zero vector, which has no direction and so no cosine; remove it or use ip or l2.',
    ],
    ['k', [1, 0], 0, {}, 'k is 0, but it must be an integer of at least 1.'],
    ['k', [1, 0], 2.5, {}, 'k is 2.5, but it must be an integer of at least 1.'],
    ['k', [1, 0], NaN, {}, 'k is NaN, but it must be an integer of at least 1.'],
    ['efSearch', [1, 0], 1, { efSearch: 0 }, 'efSearch is 0, but it must be an integer of at least 1.'],
  ])('bad %s', async (argument, query, k, options, message) => {
    const index = await build(vectors, 2);
    const search = (): unknown => index.search(Float32Array.from(query), k, options);
    expect(search).toThrow(new IndexArgumentError(argument, message));
    expect(search).toThrow(IndexArgumentError);
  });

  it('a batch that is not whole queries', async () => {
    const index = await build(vectors, 2);
    expect(() => index.searchBatch(Float32Array.of(1, 0, 1), 1)).toThrow(
      'queries has 3 values, but it must have one or more rows of 2.',
    );
  });
});

describe('HnswIndex.build refuses', () => {
  it.each<[string, object, number, string]>([
    ['m', { m: 1 }, 1, 'm is 1, but it must be an integer from 2 to 10000.'],
    ['efConstruction', { efConstruction: 0 }, 1, 'efConstruction is 0, but it must be an integer of at least 1.'],
    ['efSearch', { efSearch: 1.5 }, 1, 'efSearch is 1.5, but it must be an integer of at least 1.'],
    ['seed', {}, -1, 'The seed is -1, but it must be an integer from 0 to 4294967295.'],
  ])('bad %s', async (argument, override, seed, message) => {
    const built = HnswIndex.build(vectors, 2, { config: { ...config, ...override }, seed });
    await expect(built).rejects.toMatchObject({ code: 'INDEX_ARGUMENT_INVALID', argument, message });
  });

  it('a graph that the machine has no memory for', async () => {
    const rows = new Float32Array(2_000_000).fill(1);
    const built = HnswIndex.build(rows, 1, { config: { ...config, m: 10_000 }, seed: 1 });
    await expect(built).rejects.toThrow(
      /^The graph of 2000000 vectors needs about \d+\.\d GB, but the machine has \d+\.\d GB; index fewer vectors, or lower m or the dimension\.$/,
    );
  });
});

describe('measureRecall refuses', () => {
  const exact = new ExactIndex(vectors, 2);

  it('a truth over other vectors', () => {
    expect(() => measureRecall(exact, new ExactIndex(vectors, 3), Float32Array.of(1, 0), 1)).toThrow(
      'The truth holds 2 vectors of 3 dimensions under cosine, but the index holds 3 vectors of 2 dimensions under ' +
        'cosine; build both over the same vectors.',
    );
  });

  it('no queries', () => {
    expect(() => measureRecall(exact, exact, new Float32Array(0), 1)).toThrow(
      'queries is empty; recall needs at least one query.',
    );
  });
});
