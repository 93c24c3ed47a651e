import { rateAt } from './equal-recall';

const point = (recall: number, together: number) => ({
  setting: 1,
  recall,
  together,
  alone: together / 2,
  p50Ms: 1,
  p99Ms: 2,
});
const points = [point(0.98, 400), point(0.9, 1600)];

describe('rateAt', () => {
  it('lies in proportion between two settings, on a logarithmic scale', () => {
    // Halfway: √(400·1600) = 800.
    const rate = rateAt(0.94, points);
    expect(rate?.together).toBeCloseTo(800, 6);
    expect(rate?.alone).toBeCloseTo(400, 6);
    expect(rate?.awaited).toBeUndefined();
    const awaited = points.map((one) => ({ ...one, awaited: one.together / 4 }));
    expect(rateAt(0.94, awaited)?.awaited).toBeCloseTo(200, 6);
  });

  it('is what was measured where a setting has just that recall', () => {
    expect(rateAt(0.98, points)?.together).toBeCloseTo(400, 6);
  });

  it('is that of the narrowest setting where it finds more already', () => {
    expect(rateAt(0.8, points)).toEqual({ together: 1600, alone: 800 });
  });

  it('is undefined where no setting finds as much', () => {
    expect(rateAt(0.99, points)).toBeUndefined();
  });
});
