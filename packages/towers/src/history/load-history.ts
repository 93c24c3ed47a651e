import type { ModelConfig } from '@vector-recall/core-config';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { MeanHistory } from './mean/serving';
import { RecencyHistory } from './recency/serving';
import { withoutHalfLives } from './recency/weights';
import type { ServingHistory, VectorTable } from './serving-history';
import { TransformerHistory } from './transformer/serving';

/** What histories of a model are read through. */
export interface HistoryTables {
  readonly items: number;
  readonly idDim: number;
  /** Of events that histories tell apart, 0 where they don't. */
  readonly types: number;
  /** The vectors of all items, `[items, embeddingDim]`, for encoders that read those. */
  readonly itemVectors?: Float32Array;
}

type Load = (towers: StoredTowers, name: string, tables: HistoryTables) => ServingHistory | undefined;

/** What serves, by the value of `--history-encoder`; what trains is in `create-history-encoder.ts`. */
const encoders: Readonly<Record<ModelConfig['historyEncoder'], Load>> = {
  none: () => undefined,
  mean: (towers, name, tables) =>
    tables.types === 0
      ? new MeanHistory(towers, name, idTable(towers, tables))
      : new RecencyHistory(
          { ...towers, config: withoutHalfLives(towers.config) },
          name,
          idTable(towers, tables),
          tables.types,
        ),
  recency: (towers, name, tables) => new RecencyHistory(towers, name, idTable(towers, tables), tables.types),
  transformer: (towers, name, tables) =>
    new TransformerHistory(towers, name, itemVectors(towers, tables), tables.types),
};

/** True where histories are read through the vectors of items and not through their ids. */
export function readsItemVectors({ historyEncoder }: ModelConfig): boolean {
  return historyEncoder === 'transformer';
}

/** The twin of the encoder that the config names, or none. */
export function loadHistory(towers: StoredTowers, tables: HistoryTables): ServingHistory | undefined {
  return encoders[towers.config.historyEncoder](towers, 'user.history', tables);
}

function idTable(towers: StoredTowers, { items, idDim }: HistoryTables): VectorTable {
  return { values: weightOf(towers, 'item.id.table', [items, idDim]), dim: idDim };
}

function itemVectors({ config }: StoredTowers, { items, itemVectors: values }: HistoryTables): VectorTable {
  if (values?.length === items * config.embeddingDim) return { values, dim: config.embeddingDim };
  throw new TypeError(`The encoder ${config.historyEncoder} reads ${items} item vectors of ${config.embeddingDim}.`);
}
