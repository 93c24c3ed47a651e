import type { NumbersField } from '../fields';

/** One raw numeric input. */
export interface NumericColumn {
  readonly name: string;
  /** `[rows]`, NaN where the value is missing. */
  readonly values: ArrayLike<number>;
}

/** One label per row; becomes one 0/1 column per label. */
export interface LabelColumn {
  readonly name: string;
  readonly labels: readonly string[];
  /** `[rows]` index into `labels`, -1 when unknown. */
  readonly indices: ArrayLike<number>;
}

export type InputColumn = NumericColumn | LabelColumn;

/** One column of the matrix: `input(row)` is its value, standardised. */
interface Feature {
  readonly name: string;
  readonly mean: number;
  readonly scale: number;
  readonly input: (row: number) => number;
}

/**
 * Brings numbers to mean 0 and variance 1 over the rows that have them. A missing number becomes 0, the mean, and a
 * column `<name>Missing` says so. Labels become flags `<name>=<label>`, which stay 0 and 1.
 * Rows beyond the end of a column have no value there.
 * @returns `undefined` when there is no column
 */
export function featureMatrix(columns: readonly InputColumn[], rows: number): NumbersField | undefined {
  return columns.length === 0 ? undefined : standardiseAll(columns, rows);
}

/** As {@link featureMatrix}, of at least one column. */
export function standardiseAll(columns: readonly InputColumn[], rows: number): NumbersField {
  const features = columns.flatMap((column) =>
    'labels' in column ? flagsOf(column) : standardised(column.name, column.values, rows),
  );
  const width = features.length;
  const values = new Float32Array(rows * width);
  features.forEach(({ input }, place) => {
    for (let row = 0; row < rows; row++) values[row * width + place] = input(row);
  });
  return {
    kind: 'numbers',
    name: 'features',
    names: features.map(({ name }) => name),
    width,
    values,
    standardisation: { mean: features.map(({ mean }) => mean), scale: features.map(({ scale }) => scale) },
  };
}

/** The given rows of a column, in that order; rows that it does not have come out as missing. */
export function selectInput(column: InputColumn, rows: Int32Array): InputColumn {
  if ('labels' in column) {
    return {
      ...column,
      indices: Int32Array.from(rows, (row) => (row < column.indices.length ? column.indices[row] : -1)),
    };
  }
  return {
    ...column,
    values: Float64Array.from(rows, (row) => (row < column.values.length ? column.values[row] : NaN)),
  };
}

function flagsOf({ name, labels, indices }: LabelColumn): Feature[] {
  return labels.map((label, index) => ({
    name: `${name}=${label}`,
    mean: 0,
    scale: 1,
    input: (row) => (indices[row] === index ? 1 : 0),
  }));
}

function standardised(name: string, values: ArrayLike<number>, rows: number): Feature[] {
  const isMissing = (row: number): boolean => row >= values.length || Number.isNaN(values[row]);
  const { mean, scale, count } = momentsOf(values);
  const number: Feature = {
    name,
    mean,
    scale,
    input: (row) => (isMissing(row) ? 0 : (values[row] - mean) / scale),
  };
  if (count === rows) return [number];
  return [number, { name: `${name}Missing`, mean: 0, scale: 1, input: (row) => (isMissing(row) ? 1 : 0) }];
}

function momentsOf(values: ArrayLike<number>): { mean: number; scale: number; count: number } {
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
  return { mean, scale: deviation > 0 ? deviation : 1, count };
}
