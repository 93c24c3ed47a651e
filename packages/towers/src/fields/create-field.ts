import type { ModelConfig } from '@vector-recall/core-config';
import type { ParameterSet } from '../model/parameter-set';
import { TowerDense } from './dense/training';
import { weightName, type FieldInput } from './field-input';
import { fieldWidth } from './field-width';
import { TowerLabelList } from './label-list/training';
import { TowerLabel } from './label/training';
import type { TowerField } from './tower-field';

/** A field of a tower in training, with fresh weights. */
export function createField(
  parameters: ParameterSet,
  tower: 'user' | 'item',
  field: FieldInput,
  config: ModelConfig,
): TowerField {
  const name = weightName(tower, field);
  const width = fieldWidth(field.kind, config);
  switch (field.kind) {
    case 'category':
      return new TowerLabel(parameters, name, field, width);
    case 'path':
    case 'tags':
    case 'text':
      return new TowerLabelList(parameters, name, field, width);
    case 'numbers':
    case 'vectors':
      return new TowerDense(parameters, name, field, width);
  }
}
