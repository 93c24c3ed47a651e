import type { ModelConfig } from '@vector-recall/core-config';
import type { ParameterSet } from '../model/parameter-set';
import { AttentionHistory } from './attention-history';
import type { HistoryEncoder } from './history-encoder';
import { MeanHistory } from './mean-history';
import { RecencyHistory } from './recency-history';
import { TransformerHistory } from './transformer-history';

/** The encoder that the config names, or none. */
export function createHistoryEncoder(parameters: ParameterSet, config: ModelConfig): HistoryEncoder | undefined {
  const { historyEncoder, historyDim, historyLength, idDim, halfLives } = config;
  switch (historyEncoder) {
    case 'none':
      return undefined;
    case 'mean':
      return new MeanHistory(parameters, 'user.history', idDim, historyDim);
    case 'recency':
      return new RecencyHistory(parameters, 'user.history', idDim, historyLength, halfLives, historyDim);
    case 'attention':
      return new AttentionHistory(parameters, 'user.history', idDim, historyLength, historyDim);
    case 'transformer':
      return new TransformerHistory(parameters, 'user.history', idDim, historyLength, halfLives, historyDim);
  }
}
