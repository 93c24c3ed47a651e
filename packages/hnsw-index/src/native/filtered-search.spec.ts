import fc from 'fast-check';
import { ExactIndex } from '../exact/exact-index';
import { clusteredVectors, createRandom } from '../testing/clustered-vectors';
import type { RowBits } from '../vector-index';
import { EngineIndex } from './engine-index';

const DIM = 24;
const SIZE = 4000;
const vectors = clusteredVectors(SIZE, DIM, 1);
const queries = clusteredVectors(10, DIM, 2);
const exact = new ExactIndex(vectors, DIM);
const config = { m: 12, efConstruction: 60, efSearch: 60 };

function bitsOf(isAllowed: (row: number) => boolean): RowBits {
  const words = new Uint32Array(Math.ceil(SIZE / 32));
  let size = 0;
  for (let row = 0; row < SIZE; row++) {
    if (!isAllowed(row)) continue;
    words[row >>> 5] |= 1 << (row & 31);
    size++;
  }
  return { words, rowCount: SIZE, size };
}

const has = ({ words }: RowBits, row: number): boolean => ((words[row >>> 5] >>> (row & 31)) & 1) === 1;

/** Rows drawn one by one, or those on one side of a plane. */
const filters = fc
  .record({ share: fc.double({ min: 0, max: 1, noNaN: true }), isSide: fc.boolean(), seed: fc.nat(1000) })
  .map(({ share, isSide, seed }) => {
    const random = createRandom(seed);
    const keys = Array.from({ length: SIZE }, (_, row) => (isSide ? vectors[row * DIM + (seed % DIM)] : random()));
    const bound = keys.slice().sort((a, b) => a - b)[Math.min(SIZE - 1, Math.floor(share ** 2 * SIZE))];
    return bitsOf((row) => keys[row] < bound);
  });

describe('searches with a filter', () => {
  let index: EngineIndex;
  beforeAll(async () => {
    index = await EngineIndex.build(vectors, DIM, { config, space: 'cosine', seed: 3, threads: 2 });
  });
  afterAll(() => index.close());

  it('return as many rows as match, nearly the best of them, whatever matches', () => {
    const plans = new Set<string | undefined>();
    fc.assert(
      fc.property(filters, fc.integer({ min: 1, max: 60 }), (allowed, k) => {
        const forbidden = new Set(Array.from({ length: SIZE }, (_, row) => row).filter((row) => !has(allowed, row)));
        let found = 0;
        let wanted = 0;
        for (let i = 0; i < 10; i++) {
          const vector = queries.slice(i * DIM, (i + 1) * DIM);
          const { labels, scores, plan } = index.searchSync({ vector, k, allowed });
          plans.add(plan);
          expect(labels).toHaveLength(Math.min(k, allowed.size));
          expect(new Set(labels).size).toBe(labels.length);
          expect(labels.every((row) => has(allowed, row))).toBe(true);
          expect(scores).toEqual(scores.slice().sort((a, b) => b - a));
          const truth = new Set(exact.search(vector, k, { exclude: forbidden }).labels);
          found += labels.filter((row) => truth.has(row)).length;
          wanted += truth.size;
        }
        expect(found).toBeGreaterThanOrEqual(0.9 * wanted);
      }),
      { numRuns: 25, seed: 1 },
    );
    expect(plans).toEqual(new Set(['graph', 'scan', 'groups']));
  });

  it('may share one set of rows among indexes of one size', async () => {
    const reversed = new Float32Array(vectors.length);
    for (let row = 0; row < SIZE; row++) {
      reversed.set(vectors.subarray(row * DIM, (row + 1) * DIM), (SIZE - 1 - row) * DIM);
    }
    const other = await EngineIndex.build(reversed, DIM, { config, space: 'cosine', seed: 3, threads: 2 });
    const allowed = bitsOf((row) => row < 40);
    const vector = queries.slice(0, DIM);
    for (const one of [index, other]) {
      const { labels } = one.searchSync({ vector, k: 60, allowed });
      expect([...labels].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, row) => row));
    }
    await other.close();
  });
});
