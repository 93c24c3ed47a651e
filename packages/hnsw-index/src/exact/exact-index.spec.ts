import { clusteredVectors } from '../testing/clustered-vectors';
import type { Space } from '../vector-index';
import { ExactIndex } from './exact-index';

const DIM = 13;
// More than two blocks of rows and a rest; more than one set of lanes and a rest.
const ROWS = 2500;
const QUERIES = 11;

const vectors = clusteredVectors(ROWS, DIM, 1);
const queries = clusteredVectors(QUERIES, DIM, 2);

/** Scores straight from the definitions, one pair at a time. */
function scoreOf(space: Space, query: Float32Array, vector: Float32Array): number {
  const dot = query.reduce((sum, value, d) => sum + value * vector[d], 0);
  if (space === 'ip') return dot;
  if (space === 'l2') return -query.reduce((sum, value, d) => sum + (value - vector[d]) ** 2, 0);
  return dot / (Math.hypot(...query) * Math.hypot(...vector));
}

const row = (values: Float32Array, i: number): Float32Array => values.subarray(i * DIM, (i + 1) * DIM);

describe.each<Space>(['cosine', 'ip', 'l2'])('ExactIndex under %s', (space) => {
  const index = new ExactIndex(vectors, DIM, space);

  it('finds what sorting all scores finds', () => {
    const results = index.searchBatch(queries, 20);
    expect(results).toHaveLength(QUERIES);
    results.forEach(({ labels, scores }, q) => {
      const all = Array.from({ length: ROWS }, (_, i) => scoreOf(space, row(queries, q), row(vectors, i)));
      const expected = all.map((_, i) => i).sort((a, b) => all[b] - all[a] || a - b);
      expect([...labels]).toEqual(expected.slice(0, 20));
      labels.forEach((label, i) => {
        expect(scores[i]).toBeCloseTo(all[label], 5);
      });
    });
  });

  it('gives one query the same as a batch', () => {
    const batch = index.searchBatch(queries, 5);
    for (let q = 0; q < QUERIES; q++) expect(index.search(row(queries, q), 5)).toEqual(batch[q]);
  });

  it('leaves out what is excluded and fills up with the next best', () => {
    const query = row(queries, 0);
    const unfiltered = index.search(query, 30);
    const exclude = new Set([...unfiltered.labels].filter((_, i) => i % 2 === 0));
    const { labels } = index.search(query, 15, { exclude });
    expect([...labels]).toEqual([...unfiltered.labels].filter((_, i) => i % 2 === 1));
  });
});

describe('ExactIndex', () => {
  it('returns every row when k passes the size', () => {
    const index = new ExactIndex(Float32Array.of(1, 0, 0, 1, -1, 0), 2);
    expect([...index.search(Float32Array.of(1, 0), 10).labels]).toEqual([0, 1, 2]);
    expect([...index.search(Float32Array.of(1, 0), 10, { exclude: new Set([0]) }).labels]).toEqual([1, 2]);
  });

  it('puts the lower row first where scores are equal', () => {
    const index = new ExactIndex(Float32Array.of(2, 0, 1, 0, 3, 0), 2, 'cosine');
    expect([...index.search(Float32Array.of(5, 0), 2).labels]).toEqual([0, 1]);
  });

  it('scores vectors whose squares are beyond single precision', () => {
    const index = new ExactIndex(Float32Array.of(1e-30, 0, 1e30, 1e30), 2, 'cosine');
    const { labels, scores } = index.search(Float32Array.of(1e25, 0), 2);
    expect([...labels]).toEqual([0, 1]);
    expect(scores[0]).toBeCloseTo(1, 6);
    expect(scores[1]).toBeCloseTo(Math.SQRT1_2, 6);
  });
});
