import type { ModelConfig } from '@vector-recall/core-config';
import type { ParameterSet } from '../model/parameter-set';
import type { HistoryEncoder } from './history-encoder';
import { MeanHistory } from './mean/training';
import { RecencyHistory } from './recency/training';
import { withoutHalfLives } from './recency/weights';
import { TransformerHistory } from './transformer/training';

/** @param types of events that histories tell apart, 0 where they don't */
type Create = (
  parameters: ParameterSet,
  name: string,
  config: ModelConfig,
  types: number,
) => HistoryEncoder | undefined;

/** What trains, by the value of `--history-encoder`; what serves is in `load-history.ts`. */
const encoders: Readonly<Record<ModelConfig['historyEncoder'], Create>> = {
  none: () => undefined,
  mean: (parameters, name, config, types) =>
    types === 0
      ? new MeanHistory(parameters, name, config)
      : new RecencyHistory(parameters, name, withoutHalfLives(config), types),
  recency: (parameters, name, config, types) => new RecencyHistory(parameters, name, config, types),
  transformer: (parameters, name, config, types) => new TransformerHistory(parameters, name, config, types),
};

/** The encoder that the config names, or none. @param types of events that histories tell apart */
export function createHistoryEncoder(
  parameters: ParameterSet,
  config: ModelConfig,
  types: number,
): HistoryEncoder | undefined {
  return encoders[config.historyEncoder](parameters, 'user.history', config, types);
}
