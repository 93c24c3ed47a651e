import type { ModelConfig } from '@vector-recall/core-config';

/** With `trunk: sum` every input is as wide as the vectors, whatever width was asked for, and there are no layers. */
export function resolveWidths(config: ModelConfig): ModelConfig {
  if (config.trunk !== 'sum') return config;
  const width = config.embeddingDim;
  return {
    ...config,
    idDim: width,
    categoryDim: width,
    tagDim: width,
    featureDim: width,
    historyDim: width,
    hiddenDims: [],
  };
}
