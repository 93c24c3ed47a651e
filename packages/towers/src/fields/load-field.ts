import type { StoredTowers } from '../persistence/tower-file';
import { ServingDense } from './dense/serving';
import { weightName, type FieldInput } from './field-input';
import { fieldWidth } from './field-width';
import { ServingLabelList } from './label-list/serving';
import { ServingLabel } from './label/serving';
import type { ServingField } from './serving-field';

/** A field of a tower as it serves. A form that is added to `createField` is added here. */
export function loadField(towers: StoredTowers, tower: 'user' | 'item', field: FieldInput): ServingField {
  const name = weightName(tower, field);
  const width = fieldWidth(field.kind, towers.config);
  switch (field.kind) {
    case 'category':
      return new ServingLabel(towers, name, field, width);
    case 'path':
    case 'tags':
    case 'text':
      return new ServingLabelList(towers, name, field, width);
    case 'numbers':
    case 'vectors':
      return new ServingDense(towers, name, field, width);
  }
}
