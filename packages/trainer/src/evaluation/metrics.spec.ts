import { giniOf, MetricAccumulator, rankOf, UNREACHABLE } from './metrics';

describe('rankOf', () => {
  const scores = Float32Array.of(9, 9, 5, 5, 5, 5, 1, -Infinity);

  it.each([
    ['the best of all', Float32Array.of(1, 3, 2), 1, 0],
    ['one of two equals: half of the other, rounded down', scores, 0, 0],
    ['one of four equals behind two: 2 + ⌊3/2⌋', scores, 3, 3],
    ['the last', scores, 6, 6],
    ['a masked target', scores, 7, UNREACHABLE],
    ['a target that has no score', Float32Array.of(1, NaN), 1, UNREACHABLE],
  ])('%s', (_, row, target, rank) => {
    expect(rankOf(row, 0, row.length, target)).toBe(rank);
  });

  it('reads only its own row', () => {
    expect(rankOf(Float32Array.of(9, 9, 1, 2, 9), 2, 2, 0)).toBe(1);
  });
});

describe('MetricAccumulator', () => {
  it('gives the means that are derived by hand', () => {
    const accumulator = new MetricAccumulator([1, 2, 4], Int32Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    accumulator.add([0], Int32Array.of(3, 4, 5, 6));
    accumulator.add([2], Int32Array.of(3, 7, 8, 9));
    accumulator.add([UNREACHABLE], Int32Array.of(4, 3, 1, 0));
    const metrics = accumulator.result();
    // Gains: rank 0 → 1/log2(2) = 1; rank 2 → 1/log2(4) = 0.5; unreachable → 0.
    expect(metrics['hitRate@1']).toBeCloseTo(1 / 3);
    expect(metrics['hitRate@2']).toBeCloseTo(1 / 3);
    expect(metrics['hitRate@4']).toBeCloseTo(2 / 3);
    expect(metrics['recall@4']).toBeCloseTo(2 / 3);
    expect(metrics['ndcg@2']).toBeCloseTo(1 / 3);
    expect(metrics['ndcg@4']).toBeCloseTo(1.5 / 3);
    expect(metrics.mrr).toBeCloseTo((1 + 1 / 3) / 3);
    // First places: columns 3 and 4; first two: 3, 4, 7; first four: 0, 1, 3 to 9.
    expect(metrics['coverage@1']).toBeCloseTo(0.2);
    expect(metrics['coverage@2']).toBeCloseTo(0.3);
    expect(metrics.coverage).toBeCloseTo(0.9);
    // Shown in the first four: 3 three times, 4 twice, 5 to 9, 1 and 0 once; twelve places.
    expect(metrics.averagePopularity).toBeCloseTo((3 * 6 + 2 * 5 + (4 + 3 + 2 + 1 + 0) + 8 + 9) / 12);
    // In ascending order 0, 1 × 7, 2, 3: Σ (2i − 11)·x = (−7 − 5 − 3 − 1 + 1 + 3 + 5) + 2·7 + 3·9 = 34, over 10 · 12.
    expect(metrics.gini).toBeCloseTo(34 / 120);
  });
});

it('judges several held-out items of a user as one list', () => {
  const accumulator = new MetricAccumulator([1, 2, 4], new Int32Array(5));
  accumulator.add([1, 3, UNREACHABLE], Int32Array.of(0, 1, 2, 3));
  const metrics = accumulator.result();
  expect([1, 2, 4].map((k) => metrics[`hitRate@${k}`])).toEqual([0, 1, 1]);
  expect([1, 2, 4].map((k) => metrics[`recall@${k}`])).toEqual([0, 1 / 3, 2 / 3]);
  // Gains: rank 1 → 1/log2(3), rank 3 → 1/log2(5). Ideal: 2 places 1 + 1/log2(3), 3 places 1 + 1/log2(3) + 1/2.
  expect(metrics['ndcg@2']).toBeCloseTo(0.63093 / 1.63093, 5);
  expect(metrics['ndcg@4']).toBeCloseTo((0.63093 + 0.430677) / 2.13093, 5);
  expect(metrics.mrr).toBeCloseTo(1 / 2);
});

describe('giniOf', () => {
  it.each([
    ['all alike', [2, 2, 2, 2], 0],
    ['one has it all: (n − 1) / n', [0, 0, 0, 7], 3 / 4],
    ['half have it all', [0, 0, 3, 3], 1 / 2],
    ['nothing shown', [0, 0], 0],
  ])('%s', (_, exposures, gini) => {
    expect(giniOf(Float64Array.from(exposures))).toBeCloseTo(gini);
  });
});
