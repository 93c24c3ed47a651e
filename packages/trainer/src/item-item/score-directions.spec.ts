import { RandomStream } from '@vector-recall/random';
import type { EaseWeights } from '../evaluation/yardsticks/ease';
import { describeBackends } from '../testing/backends';
import { logOf } from '../testing/logs';
import { orthonormalise, scoreDirections } from './score-directions';

const ITEMS = 9;
const random = new RandomStream(4, 'directions');
const log = logOf(
  ITEMS,
  Array.from({ length: 30 }, () => Array.from({ length: 5 }, () => random.integer(ITEMS))),
);
const known = { log, ends: log.offsets.slice(1) };
/** The third item is not among those that weights are known of. */
const items = Int32Array.of(0, 1, 3, 4, 5, 6, 7, 8);
const SIZE = items.length;

const normals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

function weightsOf(values: Float32Array): EaseWeights {
  return { lambda: 1, items, values };
}

/** Scores X·B of every user, by hand. */
function scoresOf(values: Float32Array): number[][] {
  return Array.from({ length: log.userCount }, (_, user) => {
    const had = new Set(log.items.subarray(log.offsets[user], log.offsets[user + 1]));
    return Array.from({ length: SIZE }, (__, column) =>
      items.reduce((sum, item, row) => sum + (had.has(item) ? values[row * SIZE + column] : 0), 0),
    );
  });
}

/** Scores by the two tables: what a user has, summed up, times what speaks for each item. */
function scoresBy({ rank, sources, targets }: ReturnType<typeof scoreDirections>): number[][] {
  return Array.from({ length: log.userCount }, (_, user) => {
    const had = new Set(log.items.subarray(log.offsets[user], log.offsets[user + 1]));
    const sum = new Float64Array(rank);
    items.forEach((item, place) => {
      if (had.has(item)) for (let i = 0; i < rank; i++) sum[i] += sources[place * rank + i];
    });
    return Array.from({ length: SIZE }, (__, item) =>
      sum.reduce((total, value, i) => total + value * targets[item * rank + i], 0),
    );
  });
}

function largestDifference(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((row, n) => row.map((value, m) => Math.abs(value - b[n][m]))));
}

describeBackends('score directions', () => {
  it('give all scores where there are as many as items', () => {
    const values = normals(SIZE * SIZE);
    const directions = scoreDirections(weightsOf(values), known, SIZE, new RandomStream(1));
    expect(largestDifference(scoresBy(directions), scoresOf(values))).toBeLessThan(1e-4);
  });

  it('give all scores of weights that have no more directions', () => {
    const [left, right] = [normals(SIZE * 2), normals(2 * SIZE)];
    const values = Float32Array.from({ length: SIZE * SIZE }, (_, at) => {
      const [row, column] = [Math.floor(at / SIZE), at % SIZE];
      return left[row * 2] * right[column] + left[row * 2 + 1] * right[SIZE + column];
    });
    const directions = scoreDirections(weightsOf(values), known, 2, new RandomStream(1));
    expect(largestDifference(scoresBy(directions), scoresOf(values))).toBeLessThan(1e-4);
    const fewer = scoreDirections(weightsOf(values), known, 1, new RandomStream(1));
    expect(largestDifference(scoresBy(fewer), scoresOf(values))).toBeGreaterThan(0.1);
  });
});

it('makes columns orthogonal and of length one, and empties one that depends on others', () => {
  const rows = 7;
  const matrix = normals(rows * 3);
  // The third column is the sum of the first two.
  for (let row = 0; row < rows; row++) matrix[row * 3 + 2] = matrix[row * 3] + matrix[row * 3 + 1];
  orthonormalise(matrix, 3);
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += matrix[row * 3 + i] * matrix[row * 3 + j];
    return sum;
  };
  expect(product(0, 0)).toBeCloseTo(1, 5);
  expect(product(1, 1)).toBeCloseTo(1, 5);
  expect(product(0, 1)).toBeCloseTo(0, 5);
  expect(product(2, 2)).toBe(0);
});
