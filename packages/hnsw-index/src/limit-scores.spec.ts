import * as fc from 'fast-check';
import { ExactIndex } from './exact/exact-index';
import { HnswIndex } from './hnsw/hnsw-index';
import { limitScores } from './limit-scores';
import { EngineIndex } from './native/engine-index';
import type { SearchResult, Space } from './vector-index';

const DIM = 4;
const MOST = 3.4028234663852886e38;
const config = { m: 4, efConstruction: 20, efSearch: 20 };
const ranges = { cosine: [-1, 1], ip: [-MOST, MOST], l2: [-MOST, 0] } as const satisfies Record<Space, unknown>;

/** Finite values of every size, and more of the largest than chance would bring. */
const value = fc.oneof(
  fc.constantFrom(3e38, -3e38, MOST, -MOST, 1, 0),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
const row = fc
  .array(value, { minLength: DIM, maxLength: DIM })
  .filter((values) => values.some((x) => Math.abs(x) > 1e-18));
const matrix = fc.array(row, { minLength: 3, maxLength: 12 }).map((rows) => Float32Array.from(rows.flat()));

function expectInRange({ labels, scores }: SearchResult, space: Space): void {
  const [least, most] = ranges[space];
  expect(labels.length).toBeGreaterThan(0);
  for (const score of scores) {
    expect(score).toBeGreaterThanOrEqual(least);
    expect(score).toBeLessThanOrEqual(most);
  }
}

describe.each<Space>(['cosine', 'ip', 'l2'])('scores of finite vectors and queries, %s', (space) => {
  it.each([true, false])('are within range in an exact search, native %s', (native) => {
    fc.assert(
      fc.property(matrix, row, (vectors, query) => {
        const index = new ExactIndex(vectors, DIM, space, { native });
        const found = index.search(Float32Array.from(query), 5);
        expectInRange(found, space);
        expect([...found.scores]).toEqual([...found.scores].sort((a, b) => b - a));
        expectInRange({ ...found, scores: index.scoreRows(Float32Array.from(query), found.labels) }, space);
      }),
    );
  });

  it('are within range in a search by hnswlib', async () => {
    await fc.assert(
      fc.asyncProperty(matrix, row, async (vectors, query) => {
        const index = await HnswIndex.build(vectors, DIM, { config, space, seed: 1 });
        expectInRange(index.search(Float32Array.from(query), 5), space);
      }),
      { numRuns: 50 },
    );
  });

  it('are those of the engine where they overflow', async () => {
    const vectors = Float32Array.of(1, 2, 3, 4, -1, 2, 1, 0, 4, 4, 4, 4);
    const query = Float32Array.of(3e38, 3e38, 3e38, 3e38);
    const engine = await EngineIndex.build(vectors, DIM, { config, space, seed: 1, threads: 1, float32: 'kept' });
    const [expected] = await engine.searchMany([{ vector: query, k: 3, exactScores: true }]);
    await engine.close();
    const { scores } = new ExactIndex(vectors, DIM, space).search(query, 3);
    scores.forEach((score, place) => {
      expect(Math.abs(score / expected.scores[place] - 1)).toBeLessThan(1e-5);
    });
  });
});

it('a NaN ranks last', () => {
  expect([...limitScores(Float32Array.of(NaN, Infinity, -Infinity, 7), 'ip')]).toEqual([-MOST, MOST, -MOST, 7]);
  expect([...limitScores(Float32Array.of(1.0000001, -2, 0.5), 'cosine')]).toEqual([1, -1, 0.5]);
  expect([...limitScores(Float32Array.of(-0, -Infinity, 1), 'l2')]).toEqual([-0, -MOST, 0]);
});
