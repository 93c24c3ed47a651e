import { clusteredVectors } from '../testing/clustered-vectors';
import type { Space } from '../vector-index';
import { ExactIndex } from './exact-index';
import { RecallSweep } from './recall-sweep';

const DIM = 8;

function sweep(vectors: Float32Array, query: Float32Array, k: number, found: Int32Array, space: Space): RecallSweep {
  const judged = new RecallSweep({ query, space, k, found });
  // From the last row to the first: the order must not matter.
  for (let row = vectors.length / DIM - 1; row >= 0; row--) judged.look(row, vectors, row * DIM);
  return judged;
}

it.each<Space>(['cosine', 'ip', 'l2'])('agrees with the exact index under %s', (space) => {
  const vectors = clusteredVectors(500, DIM, 3);
  const query = clusteredVectors(1, DIM, 4);
  const { labels } = new ExactIndex(vectors, DIM, space).search(query, 40);
  expect(sweep(vectors, query, 40, labels, space).recallAt(40)).toBe(1);
  // Every second of the true rows, so five of the first ten are right, and twenty of forty.
  const half = labels.filter((_, place) => place % 2 === 0);
  const judged = sweep(vectors, query, 40, half, space);
  expect(judged.recallAt(10)).toBe(0.5);
  expect(judged.recallAt(40)).toBe(0.5);
});

it('counts rows of equal score as equal', () => {
  // Rows 1 to 3 are the same vector, and only one of them is among the two nearest.
  const vectors = Float32Array.from(
    [
      [1, 0],
      [1, 1],
      [1, 1],
      [1, 1],
      [-1, 0],
    ].flatMap(([x, y]) => [x, y, 0, 0, 0, 0, 0, 0]),
  );
  const query = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
  expect(sweep(vectors, query, 2, Int32Array.of(0, 3), 'cosine').recallAt(2)).toBe(1);
  expect(sweep(vectors, query, 2, Int32Array.of(0, 4), 'cosine').recallAt(2)).toBe(0.5);
});

it('wants no more rows than there are, and judges nothing where there are none', () => {
  const vectors = clusteredVectors(3, DIM, 3);
  const query = clusteredVectors(1, DIM, 4);
  expect(sweep(vectors, query, 10, Int32Array.of(2, 0), 'ip').recallAt(10)).toBe(2 / 3);
  expect(sweep(new Float32Array(0), query, 10, new Int32Array(0), 'ip').recallAt(10)).toBeUndefined();
});
