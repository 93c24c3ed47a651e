import { withExamples } from './examples';

const rows: Record<number, number[]> = { 1: [2, 0], 2: [0, 3], 3: [0, -5], 4: [1, 1] };
const vectors = { vectorOf: (row: number) => Promise.resolve(row in rows ? Float32Array.from(rows[row]) : undefined) };
async function queryOf(...given: Parameters<typeof withExamples>): Promise<number[]> {
  const query = await withExamples(...given);
  return query === undefined || query === 'cancelled' ? [] : [...query];
}
const near = (values: readonly number[]): unknown => values.map((value) => expect.closeTo(value, 5) as number);

it('is the mean of the user and of the weighted history', async () => {
  const history = Int32Array.of(1, 2);
  const weights = Float64Array.of(3, 1);
  const user = Float32Array.of(0, 4);
  // Of length one under the cosine: history (3/4, 1/4), user (0, 1).
  expect(await queryOf(user, { history, weights }, vectors, 'cosine')).toEqual(near([0.375, 0.625]));
  // As they are otherwise: history (6/4, 3/4), user (0, 4).
  expect(await queryOf(user, { history, weights }, vectors, 'l2')).toEqual(near([0.75, 2.375]));
  expect(await queryOf(undefined, { history, weights }, vectors, 'ip')).toEqual(near([1.5, 0.75]));
});

it('goes as far away from what is unwanted again as it was from it', async () => {
  const unwanted = Int32Array.of(2, 99);
  const query = await queryOf(Float32Array.of(5, 0), { unwanted }, vectors, 'cosine');
  expect(query).toEqual(near([2, -1]));
});

it('is nothing where nothing is wanted, and cancelled where nothing is left', async () => {
  expect(await withExamples(undefined, { unwanted: Int32Array.of(1) }, vectors, 'cosine')).toBeUndefined();
  const gone = { history: Int32Array.of(77), weights: Float64Array.of(1) };
  expect(await withExamples(undefined, gone, vectors, 'cosine')).toBeUndefined();
  const both = { history: Int32Array.of(1), weights: Float64Array.of(1), unwanted: Int32Array.of(1) };
  // 2 p − n with p = n is p.
  expect(await queryOf(undefined, both, vectors, 'cosine')).toEqual(near([1, 0]));
  const opposite = { history: Int32Array.of(2, 3), weights: Float64Array.of(1, 1) };
  expect(await withExamples(undefined, opposite, vectors, 'cosine')).toBe('cancelled');
});
