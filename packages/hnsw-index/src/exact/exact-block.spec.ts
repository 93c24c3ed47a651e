import { clusteredVectors } from '../testing/clustered-vectors';
import type { Space } from '../vector-index';
import { ExactBlock } from './exact-block';
import { ExactIndex } from './exact-index';

const DIM = 12;
const vectors = clusteredVectors(200, DIM, 1);
const rowOf = (row: number): Float32Array => vectors.subarray(row * DIM, (row + 1) * DIM);

describe.each<Space>(['cosine', 'ip', 'l2'])('a block in the space %s', (space) => {
  it('finds what an exact index over the same vectors finds, also of its first vectors alone', () => {
    const block = new ExactBlock(200, DIM, space);
    for (let row = 0; row < 200; row++) expect(block.add(rowOf(row))).toBe(row);
    const exclude = new Set([3, 4, 50]);
    expect(block.search(rowOf(3), 20, exclude)).toEqual(
      new ExactIndex(vectors, DIM, space).search(rowOf(3), 20, { exclude }),
    );
    const first = new ExactIndex(vectors.subarray(0, 90 * DIM), DIM, space);
    expect(block.search(rowOf(120), 10, new Set(), 90)).toEqual(first.search(rowOf(120), 10));
  });
});

it('refuses vectors that have no place in it', () => {
  const block = new ExactBlock(1, 2, 'cosine');
  expect(() => block.add(Float32Array.of(0, 0))).toThrow('zero vector');
  expect(() => block.add(Float32Array.of(NaN, 1))).toThrow('not finite');
  block.add(Float32Array.of(1, 0));
  expect(() => block.add(Float32Array.of(1, 0))).toThrow('takes no more');
  expect(block.search(Float32Array.of(1, 1), 5, new Set([0])).labels).toHaveLength(0);
});
