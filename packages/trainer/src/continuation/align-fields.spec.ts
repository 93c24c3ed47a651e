import type { CatalogueField } from '@vector-recall/model-store';
import { ContinuationError } from '../errors';
import { alignFields } from './align-fields';

type Scaling = Extract<CatalogueField, { kind: 'numbers' }>['standardisation'];

function numbers(names: string[], values: number[], standardisation?: Scaling): CatalogueField {
  const width = names.length;
  return { kind: 'numbers', name: 'features', names, width, values: Float32Array.from(values), standardisation };
}

function category(name: string, labels: string[]): CatalogueField {
  return { kind: 'category', name, labels, count: labels.length, values: Int32Array.of(0) };
}

const text = (count: number): CatalogueField => ({
  kind: 'text',
  name: 'title',
  count,
  offsets: Int32Array.of(0, 0),
  values: new Int32Array(0),
});

const vectors = (values: number[], standardisation?: Scaling): CatalogueField => ({
  kind: 'vectors',
  name: 'image',
  width: 2,
  values: Float32Array.from(values),
  standardisation,
});

const scaling = { mean: [10, 0, 0], scale: [5, 1, 1] };
const stored = numbers(['price', 'priceMissing', 'colour=red'], [], scaling);

function valuesOf(field: CatalogueField | undefined): number[] {
  return [...(field?.values ?? [])];
}

it('expresses numbers in the standardisation of the stored model, in its order of columns', () => {
  // Prices of 20 and 0 in the new scale are 1 and −1.
  const fresh = numbers(['colour=red', 'price'], [1, 1, 0, -1], { mean: [0, 10], scale: [1, 10] });
  const { fields, notes } = alignFields([stored], [fresh], 2, 'item');
  expect(fields).toHaveLength(1);
  expect(fields[0]).toMatchObject({ names: ['price', 'priceMissing', 'colour=red'], standardisation: scaling });
  expect(valuesOf(fields[0])).toEqual([2, 0, 1, -2, 0, 0]);
  expect(notes).toEqual([]);
});

it('expresses vectors in the standardisation of the stored model', () => {
  const was = vectors([], { mean: [1, 0], scale: [2, 1] });
  const { fields } = alignFields([was], [vectors([1, 3], { mean: [0, 1], scale: [3, 2] })], 1, 'item');
  // Raw values of 3 and 7.
  expect(valuesOf(fields[0])).toEqual([1, 7]);
});

it('keeps the order of the stored fields and takes labels as they are', () => {
  const [brand, kind] = [category('brand', ['b']), category('kind', ['k', 'l'])];
  const grown = category('kind', ['m', 'k']);
  expect(alignFields([kind, brand], [brand, grown], 1, 'item')).toEqual({ fields: [grown, brand], notes: [] });
});

it('does not read fields and columns that are new, and says so', () => {
  const fresh = numbers(['price', 'weight'], [0, 7], { mean: [10, 0], scale: [5, 1] });
  const { fields, notes } = alignFields([stored], [category('brand', ['b']), fresh], 1, 'user');
  expect(valuesOf(fields[0])).toEqual([0, 0, 0]);
  expect(notes).toEqual([
    'The stored model was trained without these user fields and does not read them: brand (category), weight.',
  ]);
});

it('refuses data that lacks what the model reads, with all names at once', () => {
  const fresh = [numbers(['weight'], [1]), text(64)];
  expect(() => alignFields([category('brand', []), stored, text(128)], fresh, 1, 'item')).toThrow(
    new ContinuationError(
      'The stored model reads these item fields, which the data does not have: ' +
        'brand (category), price, title (text) of width 128, now 64. ' +
        'Bring them, or leave --from out to train a new model.',
    ),
  );
});
