import type { Split } from '@vector-recall/datasets';
import { examples } from './examples';

const SECONDS_A_DAY = 86_400;

/**
 * How much each event of the log counts in the loss: its weight in the split, and half for every half-life that it is
 * older than the newest example (Ding & Li 2005, equation 5), at a mean of one over the examples, so that the learning
 * rate keeps its meaning. `[events]`; events that are no examples have a weight that nobody reads. `undefined` where
 * all count the same.
 *
 * @param halfLifeDays 0 where age does not count
 */
export function weighEvents(split: Split, halfLifeDays: number): Float32Array | undefined {
  const { log, weights: given } = split;
  if (given === undefined && halfLifeDays === 0) return undefined;
  const { timestamps } = log;
  let newest = -Infinity;
  for (const at of examples(split)) newest = Math.max(newest, timestamps[at]);
  const weights = new Float32Array(timestamps.length);
  let sum = 0;
  let count = 0;
  for (const at of examples(split)) {
    const age = halfLifeDays === 0 ? 1 : 2 ** ((timestamps[at] - newest) / SECONDS_A_DAY / halfLifeDays);
    weights[at] = age * (given?.[at] ?? 1);
    sum += weights[at];
    count++;
  }
  return weights.map((weight) => (weight * count) / sum);
}
