import type { PresetName } from '@vector-recall/core-config';

/** A recipe in the race, and about how many steps it trains in each round, rounded to whole epochs. */
export interface Candidate {
  readonly preset: PresetName;
  readonly steps: readonly [first: number, second: number];
}

/**
 * Recipes that differ in what matters: how histories are read, what follows the inputs, which negatives there are, how
 * much is dropped. A sequential recipe takes many times the steps of the others to its best, and is behind at first: it gets
 * as many more in a round.
 */
export const candidates: readonly Candidate[] = [
  { preset: 'sequential', steps: [400, 1000] },
  { preset: 'recency', steps: [200, 400] },
  { preset: 'linear', steps: [200, 400] },
  { preset: 'two-layer', steps: [100, 200] },
];

/** Candidates that train in the second round, at most. */
export const SURVIVORS = 2;

/** A recipe whose first round is so many times as good as that of every other has won: a second one would change nothing. */
export const CLEAR_LEAD = 1.15;

/** Training events that a candidate sees in an epoch at most, of users drawn by the seed. */
export const MAX_EVENTS = 80_000;
