import { availableParallelism } from 'node:os';
import { findAddon } from '../native/addon';

/** Rows of scores, in each of which one column is looked for. */
export interface ScoreRows {
  /** `[rows, columns]`; −Infinity, or NaN, marks a column that does not count. */
  readonly scores: Float32Array;
  readonly columns: number;
  /** `[rows]`: the column that is looked for, -1 for none. */
  readonly targets: Int32Array;
}

export interface RankedRows {
  /**
   * `[rows]`: how many columns stand before the target, 0 for the best. Columns of the same score count half, rounded
   * down, so that scores that can't tell columns apart gain nothing. -1 where the target does not count.
   */
  readonly ranks: Int32Array;
  /** `[rows, k]`: the columns of the highest scores, best first; of equal scores the lower column comes first. */
  readonly shown: Int32Array;
  /** `[rows]`: how many are shown, fewer than `k` only where fewer count. */
  readonly shownCounts: Int32Array;
}

/**
 * Ranks rows of scores by the native engine, on all threads.
 *
 * @param k at least 1
 * @returns `undefined` where there is no native engine
 */
export function rankRows({ scores, columns, targets }: ScoreRows, k: number): RankedRows | undefined {
  const addon = findAddon();
  if (addon === undefined) return undefined;
  const rows = targets.length;
  const ranked = { ranks: new Int32Array(rows), shown: new Int32Array(rows * k), shownCounts: new Int32Array(rows) };
  const { ranks, shown, shownCounts } = ranked;
  addon.rankRows(scores, columns, targets, k, availableParallelism(), ranks, shown, shownCounts);
  return ranked;
}
