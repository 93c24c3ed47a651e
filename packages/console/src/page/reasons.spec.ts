import { nearest } from './reasons.ts';

it('finds the nearest vectors by cosine, whatever their lengths', () => {
  const history = [[0, 2], [], [5, 0], [-1, 0], [3, 3], [0, 0]];
  expect(nearest([1, 0], history, 3)).toEqual([
    { row: 2, cosine: 1 },
    { row: 4, cosine: expect.closeTo(Math.SQRT1_2, 12) as number },
    { row: 0, cosine: 0 },
  ]);
});

it('finds nothing beside an empty vector, or in an empty history', () => {
  expect(nearest([], [[1, 0]], 2)).toEqual([]);
  expect(nearest([1, 0], [], 2)).toEqual([]);
});
