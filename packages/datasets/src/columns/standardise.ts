import type { FeatureMatrix } from '../dataset';

/** One raw numeric input. */
export interface NumericColumn {
  readonly name: string;
  /** `[rows]`, NaN where the value is missing. */
  readonly values: ArrayLike<number>;
}

/** A column that stays as it is: a flag, or one place of a one-hot code. */
export interface FlagColumn {
  readonly name: string;
  /** `[rows]` 0 or 1. */
  readonly flags: ArrayLike<number>;
}

export type InputColumn = NumericColumn | FlagColumn;

/**
 * Brings numbers to mean 0 and variance 1 over the rows that have them. A missing number becomes 0, the mean, and a
 * column `<name>Missing` says so; flags stay as they are.
 * @returns `undefined` when there is no column
 */
export function featureMatrix(columns: readonly InputColumn[], rows: number): FeatureMatrix | undefined {
  const inputs = columns.flatMap((column) => ('flags' in column ? [column] : withMissingFlag(column)));
  if (inputs.length === 0) return undefined;
  const width = inputs.length;
  const values = new Float32Array(rows * width);
  const mean: number[] = [];
  const scale: number[] = [];
  inputs.forEach((input, place) => {
    const raw = 'flags' in input ? input.flags : input.values;
    const moments = 'flags' in input ? { mean: 0, scale: 1 } : momentsOf(input.values);
    mean.push(moments.mean);
    scale.push(moments.scale);
    for (let row = 0; row < rows; row++) {
      const value = row < raw.length ? raw[row] : NaN;
      values[row * width + place] = Number.isNaN(value) ? 0 : (value - moments.mean) / moments.scale;
    }
  });
  return { names: inputs.map((input) => input.name), width, values, standardisation: { mean, scale } };
}

/** One flag column per label that occurs; a row without a label (-1) has none set. */
export function oneHot(name: string, labels: readonly string[], values: ArrayLike<number>): FlagColumn[] {
  return labels.map((label, index) => ({
    name: `${name}=${label}`,
    flags: Uint8Array.from(values, (value) => (value === index ? 1 : 0)),
  }));
}

function withMissingFlag(column: NumericColumn): InputColumn[] {
  const missing = Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? 1 : 0));
  return missing.includes(1) ? [column, { name: `${column.name}Missing`, flags: missing }] : [column];
}

function momentsOf(values: ArrayLike<number>): { mean: number; scale: number } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  // Welford's recurrence: no cancellation where the mean is large beside the spread, as with years.
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  // A constant column carries nothing; a scale of 1 makes it zero instead of dividing by zero.
  return { mean, scale: deviation > 0 ? deviation : 1 };
}
