import type { LatencyReport } from './benchmark-report';

/** Sums up the times of queries that were asked one after the other, in milliseconds, at least one. */
export function summariseLatency(times: Float64Array): LatencyReport {
  const sorted = times.slice().sort();
  const total = sorted.reduce((sum, time) => sum + time, 0);
  return {
    meanMs: total / sorted.length,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    qps: (1000 * sorted.length) / total,
  };
}

/**
 * Nearest rank: the smallest value that at least `share` of all do not exceed.
 * @param sorted ascending
 */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
