import type { Intervals, Metrics, ScorerReport } from './evaluation-report';

/** Puts the intervals beside the metrics. */
export function scorerReport(metrics: Metrics, interval: Intervals): ScorerReport {
  const { mrr, coverage, gini, averagePopularity, ...rest } = metrics;
  const atCutoffs: Readonly<Record<`${string}@${number}`, number>> = rest;
  return Object.assign({ ...atCutoffs }, { mrr, coverage, gini, averagePopularity, interval });
}

/** The metrics alone. */
export function plainMetrics(report: ScorerReport): Metrics {
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries<unknown>(report)) if (typeof value === 'number') metrics[name] = value;
  return metrics;
}
