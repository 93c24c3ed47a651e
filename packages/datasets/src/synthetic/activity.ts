import type { RandomStream } from '@vector-recall/random';

/** Events that everyone has, as long as there are enough to go round. */
const MIN_EVENTS = 5;
/** Spread of the logarithm of what a user does beyond that: the most active hundredth does some ten times the median. */
const SPREAD = 1;

/**
 * Shares `total` events among users with a long tail, `most` at the most for one.
 * @returns `[users]` counts, which sum to `total`
 */
export function drawActivity(userCount: number, total: number, most: number, random: RandomStream): Int32Array {
  const base = Math.min(MIN_EVENTS, most, Math.floor(total / userCount));
  const counts = new Int32Array(userCount).fill(base);
  const eagerness = Float64Array.from({ length: userCount }, () => Math.exp(SPREAD * random.normal()));
  let left = total - base * userCount;
  // What the cap cuts off goes round again to those below it; few rounds are needed, as each gives out most of it.
  while (left > 0) {
    const open = eagerness.reduce((sum, weight, user) => sum + (counts[user] < most ? weight : 0), 0);
    const round = left;
    for (let user = 0; user < userCount && left > 0; user++) {
      const share = Math.max(1, Math.floor((round * eagerness[user]) / open));
      const given = Math.min(share, most - counts[user], left);
      counts[user] += given;
      left -= given;
    }
  }
  return counts;
}
