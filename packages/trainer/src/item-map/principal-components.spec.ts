import { RandomStream } from '@vector-recall/random';
import { principalComponents } from './principal-components';

describe('principalComponents', () => {
  it('finds the two directions in which rows differ most', () => {
    // Independent columns with the standard deviations 0.1, 5 and 2: the second and third hold 29 of 29.01.
    const random = new RandomStream(5);
    const deviations = [0.1, 5, 2];
    const rows = Float32Array.from({ length: 3000 * 3 }, (_, at) => 7 + deviations[at % 3] * random.normal());
    const { points, explained } = principalComponents(rows, 3);
    expect(explained).toBeCloseTo(29 / 29.01, 3);
    for (let row = 0; row < 20; row++) {
      expect(Math.abs(points[row * 2] - (rows[row * 3 + 1] - 7))).toBeLessThan(0.5);
      expect(Math.abs(points[row * 2 + 1] - (rows[row * 3 + 2] - 7))).toBeLessThan(0.5);
    }
  });

  it.each([
    ['rows that are all the same', Float32Array.of(1, 2, 1, 2), 2],
    ['a single row', Float32Array.of(1, 2, 3), 3],
    ['a single dimension', Float32Array.of(5, 5), 1],
  ])('puts %s in the middle', (_, rows, dim) => {
    const { points, explained } = principalComponents(rows, dim);
    expect([...points].map(Math.abs)).toEqual(Array(points.length).fill(0));
    expect(explained).toBe(0);
  });
});
