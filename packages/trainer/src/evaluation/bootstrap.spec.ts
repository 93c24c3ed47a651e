import { RandomStream } from '@vector-recall/random';
import { bootstrapIntervals } from './bootstrap';

const column = (users: number, valueOf: (user: number) => number) =>
  Float64Array.from({ length: users }, (_, n) => valueOf(n));

describe('bootstrapIntervals', () => {
  it('is as wide as the normal approximation says', () => {
    // A fifth of 2,000 users hit: the standard error is √(0.2·0.8/2000) = .00894, the interval .2 ± .0175.
    const [[low, high]] = bootstrapIntervals([column(2000, (n) => Number(n % 5 === 0))], new RandomStream(1));
    expect(low).toBeCloseTo(0.2 - 0.0175, 2);
    expect(high).toBeCloseTo(0.2 + 0.0175, 2);
    expect(high - low).toBeGreaterThan(0.03);
    expect(high - low).toBeLessThan(0.04);
  });

  it('resamples all columns together, so that a constant difference has no width', () => {
    const a = column(500, (n) => (n % 7) / 7);
    const b = a.map((value) => value + 0.25);
    const [first, second, difference] = bootstrapIntervals(
      [a, b, b.map((value, n) => value - a[n])],
      new RandomStream(2),
    );
    expect(difference).toEqual([0.25, 0.25]);
    expect(second).toEqual(first.map((end) => expect.closeTo(end + 0.25, 9) as number));
  });

  it('is the same for the same stream, and another for another', () => {
    const columns = [column(100, (n) => n)];
    const draw = (seed: number) => bootstrapIntervals(columns, new RandomStream(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('has nothing to say about nobody', () => {
    expect(bootstrapIntervals([new Float64Array(0)], new RandomStream(1))).toEqual([[0, 0]]);
  });
});
