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

/** Values behind `--preset`, by option path; a value given by hand wins over its preset. */
export const trainingPresets: Readonly<Record<PresetName, Readonly<Record<string, OptionValue>>>> = {
  'small-catalogue': {
    'model.historyEncoder': 'recency',
    'model.historyLength': 100,
    'model.itemIdStart': 'random',
    'model.dropout': 0,
    'training.negatives': 'mixed',
    'training.learningRate': 0.003,
    'training.epochs': 6,
    'training.refit': true,
  },
  'large-catalogue': {},
  sequential: {
    'model.historyEncoder': 'recency',
    'model.historyLength': 50,
  },
};

/** The preset that fits data of a shape. `sequential` is taken by name only: no shape tells that order matters. */
export function choosePreset({ items }: DataShape): PresetName {
  return items <= SMALL_CATALOGUE ? 'small-catalogue' : 'large-catalogue';
}
