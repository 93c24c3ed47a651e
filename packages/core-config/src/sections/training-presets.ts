import type { OptionValue } from '../options/option';

/** Names that `--preset` takes besides `auto`: the recipes that race for a log. */
export const presetNames = ['sequential', 'recency', 'linear', 'two-layer'] as const;

export type PresetName = (typeof presetNames)[number];

/** Values behind `--preset`, by option path; a value given by hand wins over its preset. */
export const trainingPresets: Readonly<Record<PresetName, Readonly<Record<string, OptionValue>>>> = {
  /** The order of a history counts: a transformer over the vectors of its items. */
  sequential: {
    'model.embeddingDim': 64,
    'model.trunk': 'sum',
    'model.historyEncoder': 'transformer',
    'model.historyLength': 100,
    'training.negatives': 'pool',
    'training.sharedPoolSize': 512,
    'training.batchSize': 512,
    'training.learningRate': 0.002,
    'training.finalLearningRateFraction': 1,
    'training.temperature': 0.1,
    'training.epochs': 40,
    'training.maxSteps': 8000,
    'training.earlyStoppingPatience': 5,
    'training.refit': true,
  },
  /** What users like counts, and little how it is ordered: means of the history at several time scales, decayed weights. */
  recency: {
    'model.embeddingDim': 128,
    'model.itemItemDim': 128,
    'model.trunk': 'sum',
    'model.historyEncoder': 'recency',
    'model.historyLength': 100,
    'training.negatives': 'pool',
    'training.sharedPoolSize': 4096,
    'training.batchSize': 1024,
    'training.learningRate': 0.004,
    'training.temperature': 0.15,
    'training.weightDecay': 2,
    'training.epochs': 12,
    'training.maxSteps': 2500,
    'training.earlyStoppingPatience': 3,
    'training.refit': true,
  },
  /** Sums of embeddings, contrasted within the batch: cheap where the catalogue is large. */
  linear: {
    'model.itemItemDim': 128,
    'model.trunk': 'sum',
    'model.historyLength': 50,
    'training.learningRate': 0.004,
    'training.temperature': 0.15,
    'training.weightDecay': 1,
    'training.epochs': 14,
    'training.maxSteps': 1400,
    'training.refit': true,
  },
  /** The defaults of every option: the mean of the history, and two hidden layers in each tower. */
  'two-layer': {},
};
