import { rankRows, type RankedRows, type ScoreRows } from '@vector-recall/hnsw-index';
import { rankOf } from './metrics';
import { TopK } from './top-k';

/** Ranks rows of scores: natively and on all threads where the engine is there. @param k at least 1 */
export function rankScoreRows(given: ScoreRows, k: number): RankedRows {
  return rankRows(given, k) ?? rankInJavaScript(given, k);
}

/** The same, to the bit. */
export function rankInJavaScript({ scores, columns, targets }: ScoreRows, k: number): RankedRows {
  const rows = targets.length;
  const ranked = { ranks: new Int32Array(rows), shown: new Int32Array(rows * k), shownCounts: new Int32Array(rows) };
  const topK = new TopK(k);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const rank = targets[row] < 0 ? Infinity : rankOf(scores, start, columns, targets[row]);
    ranked.ranks[row] = Number.isFinite(rank) ? rank : -1;
    const shown = topK.select(scores, start, columns);
    ranked.shown.set(shown, row * k);
    ranked.shownCounts[row] = shown.length;
  }
  return ranked;
}
