import { LiveChangeError, type AttributeValue, type LiveItem } from '@vector-recall/live-index';
import type { CatalogueField, FeatureScaling } from '@vector-recall/model-store';
import type { FieldInput } from '@vector-recall/towers/serving';

/**
 * The attributes of one item as the item tower reads them: labels that training has not seen and what is missing count as
 * unknown. Texts are not read: they are hashed where data are read for training.
 *
 * @param fields of the catalogue, in the order of the tower
 * @throws LiveChangeError where an attribute has values of another kind than its field
 */
export function itemFields(fields: readonly CatalogueField[], { attributes = {} }: LiveItem): FieldInput[] {
  return fields.map((field) => fieldOf(field, attributes));
}

function fieldOf(field: CatalogueField, attributes: NonNullable<LiveItem['attributes']>): FieldInput {
  const { kind, name } = field;
  switch (kind) {
    case 'category': {
      const given = labelsOf(attributes[name]);
      if (given.length > 1) throw wrong(name, 'is a list, but an item has one label there');
      return { kind, name, count: field.count, values: Int32Array.from([rowOf(field.labels, given[0])]) };
    }
    case 'path':
    case 'tags': {
      const known = labelsOf(attributes[name])
        .map((label) => rowOf(field.labels, label))
        .filter((label) => label >= 0);
      return { kind, name, count: field.count, ...listOf(known) };
    }
    case 'text':
      return { kind, name, count: field.count, ...listOf([]) };
    case 'numbers': {
      const raw = field.names.map((column) => numberOf(column, attributes[column]));
      return { kind, name, width: field.width, values: standardised(name, raw, field.standardisation) };
    }
    case 'vectors': {
      const raw = vectorOf(name, attributes[name], field.width);
      return { kind, name, width: field.width, values: standardised(name, raw, field.standardisation) };
    }
  }
}

function labelsOf(value: AttributeValue | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return [value];
  if (value.length === 0) return [];
  return value.map(String);
}

function rowOf(labels: readonly string[], label: string | undefined): number {
  return label === undefined ? -1 : labels.indexOf(label);
}

function listOf(values: readonly number[]) {
  return { offsets: Int32Array.of(0, values.length), values: Int32Array.from(values) };
}

/** @returns NaN where it is missing */
function numberOf(name: string, value: AttributeValue | undefined): number {
  if (value === undefined) return Number.NaN;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(name, 'must be a finite number');
}

function vectorOf(name: string, value: AttributeValue | undefined, width: number): readonly number[] {
  if (value === undefined) return new Array<number>(width).fill(Number.NaN);
  const numbers = Array.isArray(value) ? value : [];
  const isVector = numbers.length === width && numbers.every((entry) => typeof entry === 'number');
  if (isVector && numbers.every(Number.isFinite)) return numbers.map(Number);
  throw wrong(name, `must be a list of ${width} finite numbers`);
}

/** As in training; what is missing is the mean. */
function standardised(name: string, raw: readonly number[], scaling: FeatureScaling | undefined): Float32Array {
  const values = Float32Array.from(raw, (value, column) => {
    if (Number.isNaN(value)) return 0;
    return scaling === undefined ? value : (value - scaling.mean[column]) / scaling.scale[column];
  });
  if (values.every(Number.isFinite)) return values;
  throw wrong(name, 'is outside the range of float32 once it is standardised');
}

function wrong(name: string, problem: string): LiveChangeError {
  return new LiveChangeError(`attributes.${name}`, `The attribute ${name} ${problem}.`);
}
