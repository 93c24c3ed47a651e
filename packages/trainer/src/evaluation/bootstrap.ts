import type { RandomStream } from '@vector-recall/random';
import type { Interval } from './evaluation-report';

/** Resamples: the ends of an interval then vary by well under a tenth of its width. */
const RESAMPLES = 1000;

/** Draws in all, so that a log of millions of users takes fewer resamples and seconds, not minutes. */
const MOST_DRAWS = 50_000_000;
const LEAST_RESAMPLES = 200;

/**
 * 95 % intervals of the means of several figures of the same users, by the percentile bootstrap (Efron & Tibshirani
 * 1993, chapter 13). All are resampled together, so that the difference of two columns is a paired one.
 *
 * @param columns each `[users]`
 * @returns one interval for each column; [0, 0] where there are no users
 */
export function bootstrapIntervals(columns: readonly Float64Array[], random: RandomStream): Interval[] {
  const users = columns[0]?.length ?? 0;
  if (users === 0) return columns.map(() => [0, 0]);
  const width = columns.length;
  // User by user, so that one draw reads one stretch of memory.
  const rows = new Float64Array(users * width);
  columns.forEach((column, c) => {
    column.forEach((value, user) => (rows[user * width + c] = value));
  });
  const resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_DRAWS / users)));
  const means = columns.map(() => new Float64Array(resamples));
  const sums = new Float64Array(width);
  for (let n = 0; n < resamples; n++) {
    sums.fill(0);
    for (let drawn = 0; drawn < users; drawn++) {
      const start = random.integer(users) * width;
      for (let c = 0; c < width; c++) sums[c] += rows[start + c];
    }
    for (let c = 0; c < width; c++) means[c][n] = sums[c] / users;
  }
  const tail = Math.floor(resamples * 0.025);
  return means.map((ofColumn) => {
    ofColumn.sort();
    return [ofColumn[tail], ofColumn[resamples - 1 - tail]];
  });
}
