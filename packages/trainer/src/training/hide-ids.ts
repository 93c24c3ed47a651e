import type { RandomStream } from '@vector-recall/random';

/**
 * The rows with a share of them turned to -1, an id that is hidden: the item is then known by its attributes alone, as a
 * new one is (Volkovs et al. 2017, section 4.1). With a share of 0 it is the rows themselves, and nothing is drawn.
 */
export function hideIds(rows: Int32Array, share: number, random: RandomStream): Int32Array {
  return share === 0 ? rows : rows.map((row) => (random.uniform() < share ? -1 : row));
}
