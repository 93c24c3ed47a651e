import type { ModelConfig } from '@vector-recall/core-config';
import type { FieldKind } from './field-input';

/** The option that says how many columns of the tower's input a field of each kind fills. */
const widthOptions = {
  category: 'categoryDim',
  path: 'categoryDim',
  tags: 'tagDim',
  text: 'featureDim',
  numbers: 'featureDim',
  vectors: 'featureDim',
} as const satisfies Record<FieldKind, keyof ModelConfig>;

export function fieldWidth(kind: FieldKind, config: ModelConfig): number {
  return config[widthOptions[kind]];
}
