import type { Catalogue } from '@vector-recall/model-store';

/** Item rows with events, most events first; of equals the lower row. */
export function mostFrequentItems({ itemIds, history }: Catalogue, count: number): readonly number[] {
  const events = new Int32Array(itemIds.size);
  for (const item of history.items) events[item]++;
  return [...events.keys()]
    .filter((row) => events[row] > 0)
    .sort((a, b) => events[b] - events[a] || a - b)
    .slice(0, count);
}
