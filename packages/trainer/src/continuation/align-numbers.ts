import type { CatalogueField } from '@vector-recall/model-store';

/** Fields of numbers side by side, each column with its own scale. */
export type NumbersField = Extract<CatalogueField, { kind: 'numbers' }>;
export type VectorsField = Extract<CatalogueField, { kind: 'vectors' }>;

/** Columns that are 0 where they have nothing to say: a label's, and the one for a missing number. */
const isFlag = (name: string): boolean => name.includes('=') || name.endsWith('Missing');

/** The columns of a stored model that the new data should have and does not. */
export function missingNumbers(stored: NumbersField, fresh: NumbersField): string[] {
  return stored.names.filter((name) => !fresh.names.includes(name) && !isFlag(name));
}

/** The columns of the new data that the stored model does not read. */
export function unreadNumbers(stored: NumbersField, fresh: NumbersField): string[] {
  return fresh.names.filter((name) => !stored.names.includes(name));
}

/**
 * Brings numbers to the columns and the standardisation that a stored model was trained with. A flag that the new data
 * does not have is 0 in all rows.
 *
 * @param fresh `[rows, width]` as the new data gives them
 */
export function alignNumbers(stored: NumbersField, fresh: NumbersField, rows: number): NumbersField {
  const { name, names, width, standardisation } = stored;
  const values = new Float32Array(rows * width);
  names.forEach((column, place) => {
    const from = fresh.names.indexOf(column);
    if (from >= 0) rescale(fresh, from, { standardisation, width, values }, place, rows);
  });
  return { kind: 'numbers', name, names: [...names], width, values, standardisation };
}

/** Brings vectors to the standardisation that a stored model was trained with; both have the same width. */
export function alignVectors(stored: VectorsField, fresh: VectorsField, rows: number): VectorsField {
  const { name, width, standardisation } = stored;
  const values = new Float32Array(rows * width);
  for (let column = 0; column < width; column++) {
    rescale(fresh, column, { standardisation, width, values }, column, rows);
  }
  return { kind: 'vectors', name, width, values, standardisation };
}

type Matrix = Pick<NumbersField, 'standardisation' | 'width' | 'values'>;

/** Writes a column in the standardisation of another matrix: back to the raw value, then forward. */
function rescale(source: Matrix, from: number, target: Matrix, to: number, rows: number): void {
  const was = scalingOf(source, from);
  const is = scalingOf(target, to);
  for (let row = 0; row < rows; row++) {
    const raw = source.values[row * source.width + from] * was.scale + was.mean;
    target.values[row * target.width + to] = (raw - is.mean) / is.scale;
  }
}

function scalingOf({ standardisation }: Matrix, column: number): { readonly mean: number; readonly scale: number } {
  return { mean: standardisation?.mean[column] ?? 0, scale: standardisation?.scale[column] ?? 1 };
}
