import type { ModelConfig } from '@vector-recall/core-config';
import type { ParameterSet } from '../model/parameter-set';
import type { HistoryEncoder } from './history-encoder';
import { MeanHistory } from './mean/training';
import { RecencyHistory } from './recency/training';
import { TransformerHistory } from './transformer/training';

type Create = (parameters: ParameterSet, name: string, config: ModelConfig) => HistoryEncoder | undefined;

/** What trains, by the value of `--history-encoder`; what serves is in `load-history.ts`. */
const encoders: Readonly<Record<ModelConfig['historyEncoder'], Create>> = {
  none: () => undefined,
  mean: (parameters, name, config) => new MeanHistory(parameters, name, config),
  recency: (parameters, name, config) => new RecencyHistory(parameters, name, config),
  transformer: (parameters, name, config) => new TransformerHistory(parameters, name, config),
};

/** The encoder that the config names, or none. */
export function createHistoryEncoder(parameters: ParameterSet, config: ModelConfig): HistoryEncoder | undefined {
  return encoders[config.historyEncoder](parameters, 'user.history', config);
}
