import type { SearchResult } from '@vector-recall/hnsw-index';
import type { RowSet } from '@vector-recall/item-catalogue';
import type { Catalogue } from '@vector-recall/model-store';

/** Items by how often they occur in the stored histories. */
export interface PopularityRanks {
  /** `[items]` rows, most frequent first; of equal ones the lower row. */
  readonly rows: Int32Array;
  /** `[items]` shares of all interactions, in [0, 1], in the order of `rows`. */
  readonly shares: Float32Array;
}

export function rankByPopularity({ itemIds, history }: Pick<Catalogue, 'itemIds' | 'history'>): PopularityRanks {
  const counts = new Int32Array(itemIds.size);
  for (const row of history.items) counts[row]++;
  const rows = Int32Array.from(counts, (_, row) => row).sort((a, b) => counts[b] - counts[a] || a - b);
  const total = Math.max(1, history.items.length);
  return { rows, shares: Float32Array.from(rows, (row) => counts[row] / total) };
}

/** What is offered to a user of whom nothing is known. */
export class PopularityRanking {
  constructor(private readonly ranks: PopularityRanks) {}

  /**
   * Scores are shares of all interactions, in [0, 1].
   * @param exclude rows that are excluded
   * @param allowed the only rows that may be returned; default all
   */
  top(k: number, exclude: Int32Array = new Int32Array(0), allowed?: RowSet): SearchResult {
    const { rows, shares } = this.ranks;
    if (exclude.length === 0 && allowed === undefined) {
      return { labels: new Int32Array(rows.subarray(0, k)), scores: new Float32Array(shares.subarray(0, k)) };
    }
    const excluded = new Set(exclude);
    const labels = new Int32Array(Math.min(k, rows.length));
    const scores = new Float32Array(labels.length);
    let kept = 0;
    for (let rank = 0; rank < rows.length && kept < labels.length; rank++) {
      if (excluded.has(rows[rank]) || allowed?.has(rows[rank]) === false) continue;
      labels[kept] = rows[rank];
      scores[kept++] = shares[rank];
    }
    return { labels: labels.subarray(0, kept), scores: scores.subarray(0, kept) };
  }
}
