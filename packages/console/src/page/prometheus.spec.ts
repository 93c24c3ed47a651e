import { between, histogramOf, quantile, readSamples, sumOf } from './prometheus.ts';

const text = `# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{method="Recall",code="OK"} 7
calls_total{method="Recall",code="INVALID_ARGUMENT"} 2
items 1200
seconds_bucket{le="0.1",stage="total"} 2
seconds_bucket{le="0.2",stage="total"} 6
seconds_bucket{le="+Inf",stage="total"} 8
seconds_bucket{le="0.1",stage="search"} 100
`;

it('reads samples and sums them', () => {
  const samples = readSamples(text);
  expect(samples).toHaveLength(7);
  expect(sumOf(samples, 'calls_total')).toBe(9);
  expect(sumOf(samples, 'calls_total', { code: 'OK' })).toBe(7);
  expect(sumOf(samples, 'items')).toBe(1200);
});

it('estimates quantiles within buckets', () => {
  const histogram = histogramOf(readSamples(text), 'seconds', { stage: 'total' });
  expect(histogram).toEqual({ bounds: [0.1, 0.2, Infinity], counts: [2, 6, 8] });
  // Rank 4 of 8: half the way through the four observations between 0.1 and 0.2.
  expect(quantile(histogram, 0.5)).toBeCloseTo(0.15, 12);
  expect(quantile(histogram, 0.99)).toBe(0.2);
  expect(quantile({ bounds: [1], counts: [0] }, 0.5)).toBeUndefined();
});

it('takes what came between two looks, also after a new start of the server', () => {
  const earlier = { bounds: [1, 2], counts: [1, 4] };
  expect(between(earlier, { bounds: [1, 2], counts: [3, 9] }).counts).toEqual([2, 5]);
  expect(between(earlier, { bounds: [1, 2], counts: [1, 1] }).counts).toEqual([1, 1]);
  expect(between({ bounds: [], counts: [] }, earlier)).toEqual(earlier);
});
