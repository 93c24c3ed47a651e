import { findAddon } from '../native/addon';
import { clusteredVectors, createRandom } from '../testing/clustered-vectors';
import { directionOf } from './directions';
import { selectDiverse, selectNatively, selectPlainly, type DiverseCandidates } from './select-diverse';

const addon = findAddon();
if (!addon) throw new Error('The native engine is not built; run `nx run hnsw-index:native`.');

function candidatesOf(count: number, dim: number, lambda: number, groupCount: number): DiverseCandidates {
  const random = createRandom(count + dim);
  const vectors = clusteredVectors(count, dim, 3);
  const directions = new Int8Array(count * dim);
  for (let i = 0; i < count; i++) directions.set(directionOf(vectors.subarray(i * dim, (i + 1) * dim)), i * dim);
  const listed = Array.from({ length: count }, () =>
    Array.from({ length: groupCount === 0 ? 0 : Math.floor(random() * 3) }, () => Math.floor(random() * groupCount)),
  );
  const groupStarts = Int32Array.from({ length: count + 1 }, (_, i) => listed.slice(0, i).flat().length);
  return {
    directions,
    // Few different ones, so that many tie.
    relevances: Float64Array.from({ length: count }, () => Math.floor(random() * 20) / 20)
      .sort()
      .reverse(),
    lambda,
    groupStarts,
    groups: Int32Array.from(listed.flat()),
    room: Int32Array.from({ length: groupCount }, () => Math.floor(random() * 8)),
  };
}

describe.each(addon.listKernels())('on %s', (instructions) => {
  it.each([
    [0, 8, 0, 0],
    [1, 3, 1, 0],
    [200, 16, 60, 0],
    [333, 13, 120, 12],
    [90, 128, 90, 5],
    [64, 401, 30, 3],
  ])('chooses of %i candidates of %i dimensions what the definition does', (count, dim, k, groups) => {
    for (const lambda of [0, 0.3, 0.7, 1]) {
      const candidates = candidatesOf(count, dim, lambda, groups);
      const before = count > 50 ? [7, 3, 41] : [];
      expect(selectNatively(candidates, k, before, instructions)).toEqual(selectPlainly(candidates, k, before));
    }
  });
});

it('weighs relevance against the likeness to what was chosen before', () => {
  const vectors = [
    [1, 0],
    [0.99, 0.1],
    [0, 1],
  ].map((values) => directionOf(Float32Array.from(values)));
  const of = (lambda: number): DiverseCandidates => ({
    directions: Int8Array.from(vectors.flatMap((vector) => [...vector])),
    relevances: [1, 0.9, 0.5],
    lambda,
    groupStarts: new Int32Array(4),
    groups: new Int32Array(0),
    room: new Int32Array(0),
  });
  expect([...selectDiverse(of(1), 3)]).toEqual([0, 1, 2]);
  // 0.5 · 0.9 − 0.5 · 0.995 < 0.5 · 0.5 − 0.5 · 0
  expect([...selectDiverse(of(0.5), 3)]).toEqual([0, 2, 1]);
  expect([...selectDiverse(of(0.5), 2, [2])]).toEqual([2, 0]);
});

it('leaves the room of groups as it was', () => {
  const candidates = candidatesOf(50, 8, 0.5, 4);
  const before = [...candidates.room];
  selectDiverse(candidates, 20);
  expect([...candidates.room]).toEqual(before);
});

it('gives a vector of no length no direction', () => {
  expect([...directionOf(Float32Array.of(3, -4))]).toEqual([76, -102]);
  expect([...directionOf(new Float32Array(2))]).toEqual([0, 0]);
});
