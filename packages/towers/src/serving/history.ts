import type { RowLists } from '../embedding/block';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { AttentionHistory } from './attention-history';
import type { Columns } from './matrix';
import { MeanHistory } from './mean-history';
import { RecencyHistory } from './recency-history';
import { TransformerHistory } from './transformer-history';

/** A history encoder of the model, as it serves: the twin of `HistoryEncoder`, without gradients. */
export interface ServingHistory {
  readonly width: number;
  /** Writes the encoded histories into `[batch, width]`. */
  encode(histories: RowLists, out: Columns): void;
}

/** The table that histories are read through, `[items, dim]`. */
export interface ItemTable {
  readonly values: Float32Array;
  readonly dim: number;
}

/** The twin of the encoder that the config names, or none. An encoder that is added to the model is added here. */
export function loadHistory(towers: StoredTowers, items: number): ServingHistory | undefined {
  const { historyEncoder, idDim } = towers.config;
  if (historyEncoder === 'none') return undefined;
  const table = { values: weightOf(towers, 'item.id.table', [items, idDim]), dim: idDim };
  switch (historyEncoder) {
    case 'mean':
      return new MeanHistory(towers, 'user.history', table);
    case 'recency':
      return new RecencyHistory(towers, 'user.history', table);
    case 'attention':
      return new AttentionHistory(towers, 'user.history', table);
    case 'transformer':
      return new TransformerHistory(towers, 'user.history', table);
  }
}
