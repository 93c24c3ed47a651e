import { type Initializer, TABLE_DEVIATION, tableNormal } from '../model/parameter-set';
import { startFromNumbers } from './dense/start';
import type { FieldInput } from './field-input';
import { startFromLabels } from './label-list/start';
import { startFromLabel } from './label/start';
import type { RowSum } from './row-sum';

/** Share of a row's variance that tells of the fields; the rest tells items apart that have the same ones. */
const FIELD_SHARE = 0.9;

/**
 * Rows of the item-id table that start from what an item is, so that items that are alike stand together before a single
 * event is seen: an id of few events is hardly learned, and histories are read through ids alone. (Pan et al. 2019 learn
 * such a start from the attributes; a random projection of them needs no training and keeps their angles.)
 *
 * A row is a sum of random directions for what each field says, every field with the same share of the variance, at the
 * deviation of {@link tableNormal}. Without fields it is that alone.
 */
export function startFromFields(fields: readonly FieldInput[]): Initializer {
  if (fields.length === 0) return tableNormal;
  return (values, shape, random) => {
    const [, dim] = shape;
    tableNormal(values, shape, random);
    const noise = Math.sqrt(1 - FIELD_SHARE);
    for (let at = 0; at < values.length; at++) values[at] *= noise;
    const scale = TABLE_DEVIATION * Math.sqrt(FIELD_SHARE / fields.length);
    const sum: RowSum = {
      directions: (count) => Float32Array.from({ length: count * dim }, () => random.normal()),
      add: (row, table, label, weight) => {
        for (let d = 0; d < dim; d++) values[row * dim + d] += scale * weight * table[label * dim + d];
      },
    };
    for (const field of fields) addField(field, sum);
  };
}

function addField(field: FieldInput, sum: RowSum): void {
  switch (field.kind) {
    case 'category':
      startFromLabel(field, sum, field.count);
      break;
    case 'path':
    case 'tags':
    case 'text':
      startFromLabels(field, sum, field.count);
      break;
    case 'numbers':
    case 'vectors':
      startFromNumbers(field, sum);
      break;
  }
}
