import type { PresetName } from '@vector-recall/core-config';

/** A recipe in the race, and about how many steps it trains in each round, rounded to whole epochs. */
export interface Candidate {
  readonly preset: PresetName;
  readonly steps: readonly [first: number, second: number];
}

/**
 * Recipes that differ in what matters: how histories are read, what follows the inputs, which negatives there are, how much
 * is dropped. In the first round they take about the same time, whatever a step costs; a sequential recipe, which is behind
 * at first, has by far the most steps to go in the second.
 */
export const candidates: readonly Candidate[] = [
  { preset: 'sequential', steps: [400, 1000] },
  { preset: 'recency', steps: [300, 600] },
  { preset: 'linear', steps: [400, 600] },
  { preset: 'two-layer', steps: [100, 200] },
];

/** Candidates that train in the second round, at most. */
export const SURVIVORS = 2;

/** A recipe whose first round is so many times as good as that of every other has won: a second one would change nothing. */
export const CLEAR_LEAD = 1.1;

/** Training events that a candidate sees in an epoch at most, of users drawn by the seed. */
export const MAX_EVENTS = 64_000;

/**
 * The largest batch of the race, and the most negatives drawn beside it. At the start of a training, many steps on small
 * batches teach a model more than few on large ones that take as long.
 */
export const MAX_BATCH_SIZE = 512;
export const MAX_POOL_SIZE = 1024;
