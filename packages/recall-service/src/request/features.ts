import type { NumbersField } from '@vector-recall/model-store';
import { RecallRequestError } from '../errors';

/**
 * Raw features as the towers take them: standardised as in training, in float32.
 *
 * @param raw `[width]`
 * @param stored the columns of the catalogue; absent where the model was trained without features
 * @param entry the place in a batch, for messages
 * @returns `[width]`, all finite
 * @throws RecallRequestError
 */
export function standardise(
  raw: ArrayLike<number>,
  stored: NumbersField | undefined,
  entry: number | undefined,
): Float32Array {
  const refuse = (problem: (name: string) => string): never => {
    throw new RecallRequestError('features', (names) => problem(names.of('features')), entry);
  };
  if (stored === undefined) {
    return refuse((name) => `The model was trained without user features; send no ${name}.`);
  }
  const { width, names, standardisation } = stored;
  if (raw.length !== width) {
    refuse((name) => `${name} has ${raw.length} values, but the model takes ${width}: ${names.join(', ')}.`);
  }
  const values = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    const value: unknown = raw[column];
    const title = (name: string): string => `${name}[${column}] (${names[column]})`;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return refuse((name) => `${title(name)} is ${String(value)}, but it must be a finite number.`);
    }
    const { mean, scale } = standardisation ?? { mean: undefined, scale: undefined };
    values[column] = mean === undefined ? value : (value - mean[column]) / scale[column];
    if (!Number.isFinite(values[column])) {
      const limits =
        'is outside the range of float32 once it is standardised; send it in the unit of the training data';
      refuse((name) => `${title(name)} is ${value}, which ${limits}.`);
    }
  }
  return values;
}
