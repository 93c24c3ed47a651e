import type { OptionValue } from '../options/option';

/** What a preset is chosen by. */
export interface DataShape {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

/** Names that `--preset` takes besides `auto`. */
export const presetNames = ['small-catalogue', 'large-catalogue', 'sequential'] as const;

export type PresetName = (typeof presetNames)[number];

/** Up to so many items the steps of a training are few, and each may move the weights further. */
const SMALL_CATALOGUE = 20_000;
/** Events per user from which the order of a history says more than its mean. */
const LONG_HISTORY = 20;

/** Values behind `--preset`, by option path; a value given by hand wins over its preset. */
export const trainingPresets: Readonly<Record<PresetName, Readonly<Record<string, OptionValue>>>> = {
  'small-catalogue': {
    'model.historyEncoder': 'recency',
    'model.historyLength': 100,
    'model.dropout': 0,
    'training.negatives': 'mixed',
    'training.learningRate': 0.003,
    'training.epochs': 6,
  },
  'large-catalogue': {},
  sequential: {
    'model.historyEncoder': 'recency',
    'model.historyLength': 50,
  },
};

/** The preset that fits data of a shape: by the catalogue first, then by how long the histories are. */
export function choosePreset({ users, items, interactions }: DataShape): PresetName {
  if (items <= SMALL_CATALOGUE) return 'small-catalogue';
  return interactions / Math.max(users, 1) >= LONG_HISTORY ? 'sequential' : 'large-catalogue';
}
