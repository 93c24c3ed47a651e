import fc from 'fast-check';
import { RandomArgumentError } from './errors';
import { RandomStream } from './random-stream';

const draws = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.uniform());

describe('RandomStream', () => {
  it('repeats itself for the same seed and purpose', () => {
    expect(draws(new RandomStream(7, 'dropout'), 20)).toEqual(draws(new RandomStream(7, 'dropout'), 20));
  });

  it('keeps its sequence from release to release', () => {
    const stream = new RandomStream(42, 'golden');
    expect([stream.integer(1000), stream.integer(1000), stream.integer(1000)]).toEqual([627, 917, 12]);
  });

  it.each([
    ['purposes', new RandomStream(7, 'a'), new RandomStream(7, 'b')],
    ['seeds', new RandomStream(7, 'a'), new RandomStream(8, 'a')],
    ['seeds above 2^32', new RandomStream(7, 'a'), new RandomStream(7 + 2 ** 32, 'a')],
  ])('gives uncorrelated streams for different %s', (_, left, right) => {
    const n = 20_000;
    let products = 0;
    for (let i = 0; i < n; i++) products += (left.uniform() - 0.5) * (right.uniform() - 0.5);
    // The mean of n such products has a standard deviation of 1 / (12 √n) = 0.0006.
    expect(Math.abs(products / n)).toBeLessThan(0.003);
  });

  it('draws uniforms with the moments of [0, 1)', () => {
    const values = draws(new RandomStream(1), 100_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('draws normals with mean 0, variance 1 and 4.55 % beyond two standard deviations', () => {
    const stream = new RandomStream(1);
    const values = Array.from({ length: 100_000 }, () => stream.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(values.filter((value) => Math.abs(value) > 2).length / values.length).toBeCloseTo(0.0455, 2);
  });

  it('draws every integer below a bound that is no power of two equally often', () => {
    const stream = new RandomStream(3);
    const counts = new Float64Array(6);
    for (let i = 0; i < 60_000; i++) counts[stream.integer(6)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // The 99.9 % quantile of chi-square with 5 degrees of freedom.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('stays below any bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (bound, seed) => {
        const value = new RandomStream(seed).integer(bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
  });

  it('shuffles without losing a value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), fc.nat(), (list, seed) => {
        const values = Int32Array.from(list);
        new RandomStream(seed).shuffle(values);
        expect([...values].sort((a, b) => a - b)).toEqual([...Int32Array.from(list)].sort((a, b) => a - b));
      }),
    );
  });

  it('puts each value at each place equally often', () => {
    const stream = new RandomStream(5);
    const counts = new Float64Array(16);
    for (let i = 0; i < 16_000; i++) {
      const values = Int32Array.of(0, 1, 2, 3);
      stream.shuffle(values);
      values.forEach((value, place) => counts[place * 4 + value]++);
    }
    counts.forEach((count) => {
      expect(Math.abs(count - 4000)).toBeLessThan(250);
    });
  });

  it('goes on from a state that went through JSON, the spare normal included', () => {
    const stream = new RandomStream(9, 'resume');
    stream.normal();
    const saved: unknown = JSON.parse(JSON.stringify(stream.state()));
    const expected = [stream.normal(), stream.normal(), stream.uniform()];
    const restored = RandomStream.fromState(saved as ReturnType<RandomStream['state']>);
    expect([restored.normal(), restored.normal(), restored.uniform()]).toEqual(expected);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses the seed %p', (seed) => {
    expect(() => new RandomStream(seed)).toThrow(RandomArgumentError);
  });

  it.each([0, -2, 2.5, 2 ** 32 + 1])('refuses the bound %p', (bound) => {
    expect(() => new RandomStream(1).integer(bound)).toThrow('must be an integer from 1 to 2^32');
  });

  it.each([[[1, 2, 3]], [[0, 0, 0, 0]], [[1, 2, 3, 0.5]]])('refuses the state %p', (words) => {
    expect(() => RandomStream.fromState({ words, spareNormal: null })).toThrow('four 32-bit integers');
  });
});
