import type { Split } from '@vector-recall/datasets';

const SECONDS_A_DAY = 86_400;

/**
 * How much each event of the log counts in the loss: half for every half-life that it is older than the newest training
 * event (Ding & Li 2005, equation 5), at a mean of one over the training events, so that the learning rate keeps its
 * meaning. `[events]`; held-out events have a weight that nobody reads.
 *
 * @param halfLifeDays above 0
 */
export function weighByAge({ log, trainEnd }: Split, halfLifeDays: number): Float32Array {
  const { offsets, timestamps } = log;
  const isTraining = (user: number, at: number): boolean => at < trainEnd[user];
  let newest = -Infinity;
  for (let user = 0; user < log.userCount; user++) {
    for (let at = offsets[user]; isTraining(user, at); at++) newest = Math.max(newest, timestamps[at]);
  }
  const weights = new Float32Array(timestamps.length);
  let sum = 0;
  let count = 0;
  for (let user = 0; user < log.userCount; user++) {
    for (let at = offsets[user]; isTraining(user, at); at++) {
      weights[at] = 2 ** ((timestamps[at] - newest) / SECONDS_A_DAY / halfLifeDays);
      sum += weights[at];
      count++;
    }
  }
  return weights.map((weight) => (weight * count) / sum);
}
