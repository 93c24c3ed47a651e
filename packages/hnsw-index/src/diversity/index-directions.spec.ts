import { FixedCandidates } from '../contract/fixed-candidates';
import { CallerThreadIndex } from '../caller-thread-index';
import { ExactIndex } from '../exact/exact-index';
import { EngineIndex } from '../native/engine-index';
import { clusteredVectors } from '../testing/clustered-vectors';
import { directionOf } from './directions';

const SIZE = 300;
const DIM = 21;
const vectors = clusteredVectors(SIZE, DIM, 4);
const rowOf = (row: number): Float32Array => vectors.subarray(row * DIM, (row + 1) * DIM);
const config = { m: 8, efConstruction: 40, efSearch: 40 };

it.each([
  ['cosine', 'kept', 1],
  ['cosine', 'dropped', 2],
  ['l2', 'dropped', 3],
  ['ip', 'auto', 3],
] as const)('the engine tells directions of rows under %s with float32 %s', async (space, float32, error) => {
  const index = await EngineIndex.build(vectors, DIM, { config, space, float32, seed: 1, threads: 1 });
  const candidates = new FixedCandidates(index, (row) => Promise.resolve(rowOf(row)));
  const rows = Int32Array.of(17, 0, SIZE - 1, 17, SIZE, -1);
  const directions = new Int8Array(rows.length * DIM).fill(9);
  await candidates.lease().writeDirections(rows, directions);
  for (const [place, row] of rows.entries()) {
    const expected = row < 0 || row >= SIZE ? new Int8Array(DIM) : directionOf(rowOf(row));
    const actual = directions.subarray(place * DIM, (place + 1) * DIM);
    for (let d = 0; d < DIM; d++) expect(Math.abs(actual[d] - expected[d])).toBeLessThanOrEqual(error);
  }
  await candidates.close();
  expect(() => {
    index.writeDirections(rows, directions);
  }).toThrow('The index is closed');
});

it('an index that cannot tell has them made of the stored vectors', async () => {
  const index = new CallerThreadIndex(new ExactIndex(vectors, DIM), 10);
  const candidates = new FixedCandidates(index, (row) => Promise.resolve(rowOf(row)));
  const directions = new Int8Array(2 * DIM).fill(9);
  await candidates.lease().writeDirections(Int32Array.of(5, SIZE), directions);
  expect([...directions]).toEqual([...directionOf(rowOf(5)), ...new Int8Array(DIM)]);
});
