import { summariseLatency } from './latency';

describe('summariseLatency', () => {
  it('takes percentiles by nearest rank, in whatever order the times come', () => {
    const times = Float64Array.from({ length: 200 }, (_, n) => 200 - n);
    expect(summariseLatency(times)).toEqual({ meanMs: 100.5, p50Ms: 100, p95Ms: 190, p99Ms: 198, qps: 1000 / 100.5 });
  });

  it('takes a single time for every percentile', () => {
    expect(summariseLatency(Float64Array.of(4))).toEqual({ meanMs: 4, p50Ms: 4, p95Ms: 4, p99Ms: 4, qps: 250 });
  });
});
