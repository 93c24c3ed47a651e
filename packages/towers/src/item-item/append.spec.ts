import { RandomStream } from '@vector-recall/random';
import { appendToItems, appendToUsers, termsOfUsers, withoutTerm } from './append';

const DIM = 4;
const RANK = 3;
const random = new RandomStream(2, 'append');

function unitRows(rows: number, dim: number): Float32Array {
  const values = Float32Array.from({ length: rows * dim }, () => random.normal());
  for (let row = 0; row < rows; row++) {
    const one = values.subarray(row * dim, (row + 1) * dim);
    const length = Math.hypot(...one);
    one.forEach((value, i) => (one[i] = value / length));
  }
  return values;
}

const items = unitRows(5, DIM);
const users = unitRows(2, DIM);
const weights = {
  rank: RANK,
  users: Float32Array.from({ length: 5 * RANK }, () => random.normal()),
  weight: 0.6,
  items: unitRows(5, RANK).map((value, at) => value / (1 + Math.floor(at / RANK))),
  unknown: Float32Array.from({ length: DIM * RANK }, () => random.normal() * 0.2),
};
/** The first user has three events, the second none. */
const histories = { offsets: Int32Array.of(0, 3, 3), rows: Int32Array.of(4, 1, 1) };
const rows = Int32Array.of(0, 1, 2, 3, 4);

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
const rowOf = (values: Float32Array | Float64Array, row: number, width: number): Float32Array | Float64Array =>
  values.subarray(row * width, (row + 1) * width);

const width = DIM + RANK + 1;
const ofItems = appendToItems(items, DIM, weights, rows);
const ofUsers = appendToUsers(users, DIM, weights, histories);

it('gives vectors of length one', () => {
  for (let row = 0; row < 5; row++) expect(Math.hypot(...rowOf(ofItems, row, width))).toBeCloseTo(1, 6);
  for (let row = 0; row < 2; row++) expect(Math.hypot(...rowOf(ofUsers, row, width))).toBeCloseTo(1, 6);
});

it('scores by the towers and by the inner product of the two tables, up to a factor of each user', () => {
  const [term] = [termsOfUsers(weights, histories)];
  expect(Math.hypot(...rowOf(term, 0, RANK))).toBeCloseTo(1, 6);
  const scores = [0, 1, 2, 3, 4].map((item) => dot(rowOf(ofUsers, 0, width), rowOf(ofItems, item, width)));
  const expected = [0, 1, 2, 3, 4].map(
    (item) =>
      dot(rowOf(users, 0, DIM), rowOf(items, item, DIM)) +
      weights.weight * dot(rowOf(term, 0, RANK), rowOf(weights.items, item, RANK)),
  );
  const factor = scores[0] / expected[0];
  expect(factor).toBeGreaterThan(0);
  scores.forEach((score, item) => {
    expect(score).toBeCloseTo(factor * expected[item], 6);
  });
});

it('leaves the order of the towers to a user without a history', () => {
  expect(Array.from(rowOf(ofUsers, 1, width).subarray(DIM))).toEqual([0, 0, 0, 0]);
  expect(Array.from(rowOf(ofUsers, 1, width).subarray(0, DIM))).toEqual(Array.from(rowOf(users, 1, DIM)));
});

it('guesses the term of an item that came later, of length one at most', () => {
  const long = { ...weights, unknown: weights.unknown.map((value) => value * 1000) };
  const [near, far] = [weights, long].map((given) =>
    appendToItems(items.subarray(0, DIM), DIM, given, Int32Array.of(-1)),
  );
  expect(Math.hypot(...near)).toBeCloseTo(1, 6);
  expect(Math.hypot(...far)).toBeCloseTo(1, 6);
  expect(far[width - 1]).toBeCloseTo(0, 6);
  const guess = Float64Array.from({ length: RANK }, (_, i) =>
    items.subarray(0, DIM).reduce((sum, value, from) => sum + value * weights.unknown[from * RANK + i], 0),
  );
  const direction = near.subarray(DIM, DIM + RANK);
  expect(dot(guess, direction)).toBeCloseTo(Math.hypot(...guess) * Math.hypot(...direction), 6);
});

it('gives back what the tower gave', () => {
  const found = withoutTerm(ofItems, { embeddingDim: DIM, itemItemDim: RANK + 1 });
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(items[i], 6);
  });
  expect(withoutTerm(items, { embeddingDim: DIM, itemItemDim: 0 })).toBe(items);
});
