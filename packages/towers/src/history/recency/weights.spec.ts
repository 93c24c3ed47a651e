import { RecencyWeights } from './weights';

describe('RecencyWeights', () => {
  const weights = new RecencyWeights([1, 2, Infinity], 30);

  it('halves every half-life and sums to one over the history', () => {
    // Half-life 1 over three items: 1, 1/2, 1/4, divided by 7/4.
    expect([0, 1, 2].map((age) => weights.at(0, age, 3))).toEqual([4 / 7, 2 / 7, 1 / 7].map(closeTo));
    // Half-life 2 over two items: 1, 1/√2.
    expect(weights.at(1, 1, 2) / weights.at(1, 0, 2)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(weights.at(1, 0, 2) + weights.at(1, 1, 2)).toBeCloseTo(1, 6);
  });

  it('gives the plain mean where the half-life is infinite', () => {
    expect([0, 29].map((age) => weights.at(2, age, 30))).toEqual([1 / 30, 1 / 30].map(closeTo));
  });

  it('leaves out what no longer counts, and still sums to one', () => {
    const all = Array.from({ length: 30 }, (_, age) => weights.at(0, age, 30));
    expect(all.findIndex((weight) => weight === 0)).toBe(18);
    expect(all.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
  });
});

function closeTo(value: number): unknown {
  return expect.closeTo(value, 6);
}
