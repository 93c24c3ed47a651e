import type { SearchResult } from '@vector-recall/hnsw-index';
import type { Catalogue } from '@vector-recall/model-store';

/** Items by how often they occur in the stored histories: what is offered to a user of whom nothing is known. */
export class PopularityRanking {
  /** `[items]` rows, most frequent first; of equal ones the lower row. */
  readonly #rows: Int32Array;
  /** `[items]` */
  readonly #counts: Int32Array;
  readonly #total: number;

  constructor({ itemIds, history }: Pick<Catalogue, 'itemIds' | 'history'>) {
    const counts = new Int32Array(itemIds.size);
    for (const row of history.items) counts[row]++;
    this.#counts = counts;
    this.#total = history.items.length;
    this.#rows = Int32Array.from(counts, (_, row) => row).sort((a, b) => counts[b] - counts[a] || a - b);
  }

  /** Scores are shares of all interactions, in [0, 1]. */
  top(k: number, exclude: ReadonlySet<number>): SearchResult {
    const labels: number[] = [];
    for (let rank = 0; rank < this.#rows.length && labels.length < k; rank++) {
      if (!exclude.has(this.#rows[rank])) labels.push(this.#rows[rank]);
    }
    return {
      labels: Int32Array.from(labels),
      scores: Float32Array.from(labels, (row) => (this.#total === 0 ? 0 : this.#counts[row] / this.#total)),
    };
  }
}
