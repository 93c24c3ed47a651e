import type { SliceReport, SlicesReport } from './evaluation-report';
import type { JudgedUsers } from './judged-users';
import type { EvaluationTask } from './task';

/** First value of each slice; the last has no end. */
const HISTORY_LENGTHS = [1, 6, 11, 21, 51] as const;
const POPULARITIES = [0, 1, 5, 20, 100] as const;

/**
 * Who is served well and who is not: HitRate by what is known of a user, and by how often the held-out item occurs.
 * For tasks with one held-out item a user.
 *
 * @param scorers by their name in the report
 */
export function slicesOf(
  task: EvaluationTask,
  scorers: ReadonlyMap<string, JudgedUsers>,
  cutoffs: readonly number[],
): SlicesReport {
  const { log, users, ends, targets, counts } = task;
  const lengths = users.map((user) => ends[user] - log.offsets[user]);
  const popularities = targets.map((item) => counts[item]);
  const hits = Array.from(
    scorers,
    ([name, judged]) => [name, cutoffs.map((cutoff) => [`hitRate@${cutoff}`, judged.hits(cutoff)] as const)] as const,
  );
  const slice = (values: Int32Array, from: number, next: number | undefined): SliceReport => {
    const members = Array.from(values.keys()).filter(
      (n) => values[n] >= from && (next === undefined || values[n] < next),
    );
    const meanOf = (column: Float64Array) => members.reduce((sum, n) => sum + column[n], 0) / members.length;
    const hitRates = hits.map(
      ([name, metrics]) =>
        [name, Object.fromEntries(metrics.map(([metric, column]) => [metric, meanOf(column)]))] as const,
    );
    return {
      label: labelOf(from, next),
      users: members.length,
      hitRates: members.length === 0 ? {} : Object.fromEntries(hitRates),
    };
  };
  const divide = (values: Int32Array, starts: readonly number[]) =>
    starts.map((from, n) => slice(values, from, starts.at(n + 1)));
  return {
    historyLength: divide(lengths, HISTORY_LENGTHS),
    itemPopularity: divide(popularities, POPULARITIES),
  };
}

function labelOf(from: number, next: number | undefined): string {
  if (next === undefined) return `${from} and more`;
  return next === from + 1 ? String(from) : `${from} to ${next - 1}`;
}
