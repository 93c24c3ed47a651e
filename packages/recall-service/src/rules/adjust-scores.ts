import type { ParsedRules } from './parse-rules';

/** What reads numbers of items; {@link ItemAttributes} is one. */
export interface NumberReader {
  /** `[rows]`, NaN where an item has none. */
  numbers(attribute: string, rows: Int32Array): Float64Array;
}

/** A boost adds no more than this: sums of a few stay finite in float32. */
const MOST_ADDED = 1e30;

/**
 * What decays and boosts make of scores. A decay takes the share `1 − 0.5^(age / half-life)` of a score's size away from
 * it: of a score above 0 the share `0.5^(age / half-life)` is left, and one below 0, such as a negative distance, falls.
 * Dates to come count as now. Boosts are added after that.
 *
 * @param scores `[rows]`
 * @param now seconds since 1970
 * @returns `[rows]`
 */
export function adjustScores(
  rows: Int32Array,
  scores: Float32Array,
  { decays, boosts }: Pick<ParsedRules, 'decays' | 'boosts'>,
  attributes: NumberReader,
  now: number,
): Float64Array {
  const adjusted = new Float64Array(scores);
  for (const { attribute, halfLife } of decays) {
    const dates = attributes.numbers(attribute, rows);
    for (let i = 0; i < rows.length; i++) {
      if (Number.isNaN(dates[i])) continue;
      const left = Math.exp((-Math.LN2 * Math.max(0, now - dates[i])) / halfLife);
      adjusted[i] -= Math.abs(adjusted[i]) * (1 - left);
    }
  }
  for (const { attribute, weight } of boosts) {
    const values = attributes.numbers(attribute, rows);
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isNaN(values[i])) adjusted[i] += Math.max(-MOST_ADDED, Math.min(MOST_ADDED, weight * values[i]));
    }
  }
  return adjusted;
}
