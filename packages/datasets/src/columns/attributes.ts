import type { Quantity, Vocabulary } from '../dataset';
import type { Field, LabelsField } from '../fields';
import { selectLabels } from './select-rows';
import { featureMatrix, selectInput, type InputColumn, type NumericColumn } from './standardise';
import { vectorsField, type VectorColumn } from './vectors';

/** What a source says of its users or items, in raw columns that may be shorter than the vocabulary. */
export interface Attributes {
  /** What a person calls each row; items only. */
  readonly names?: readonly string[];
  readonly labels?: readonly LabelsField[];
  readonly numbers?: readonly InputColumn[];
  /** Seconds since 1970, NaN where a date is missing; they become ages among the numbers. */
  readonly dates?: readonly NumericColumn[];
  readonly vectors?: readonly VectorColumn[];
}

/** Whose fields are built. */
export interface FieldRows {
  /** `[rows]` place of each row in the raw columns. */
  readonly rows: Int32Array;
  /** `[rows]` */
  readonly vocabulary: Vocabulary;
  /** Seconds since 1970 of the newest event; absent where the log has no times. */
  readonly now?: number;
  /** Gets a sentence for what a person should know. */
  readonly notes: string[];
}

/**
 * The fields of some rows, in their order. Numbers and vectors are standardised over these rows; a field whose labels
 * occur in none of the rows stays, so that fields do not depend on who is active.
 */
export function buildFields(attributes: Attributes, { rows, vocabulary, now, notes }: FieldRows): Field[] {
  const { labels = [], numbers = [], dates = [], vectors = [] } = attributes;
  const matrix = featureMatrix(
    [...numbers, ...dates.map((column) => ageOf(column, now))].map((column) => selectInput(column, rows)),
    rows.length,
  );
  const fields = [
    ...labels.map((field) => selectLabels(field, rows)),
    matrix,
    ...vectors.map((column) => vectorsField(column, vocabulary, notes)),
  ];
  return fields.filter((field) => field !== undefined);
}

/**
 * Numbers and dates of items, one value for each.
 * @param count items, those that the source does not describe last
 */
export function quantitiesOf({ numbers = [], dates = [] }: Attributes, count: number): Quantity[] {
  const column = (kind: Quantity['kind'], { name, values }: NumericColumn): Quantity => ({
    name,
    kind,
    values: Float64Array.from({ length: count }, (_, row) => (row < values.length ? values[row] : NaN)),
  });
  const plain = numbers.filter((input) => 'values' in input);
  return [...plain.map((input) => column('number', input)), ...dates.map((input) => column('date', input))];
}

/** All that several parts of a source say. */
export function mergeAttributes(parts: readonly Attributes[]): Attributes {
  return {
    ...parts.reduce((all, part) => ({ ...all, ...part }), {}),
    labels: parts.flatMap(({ labels = [] }) => labels),
    numbers: parts.flatMap(({ numbers = [] }) => numbers),
    dates: parts.flatMap(({ dates = [] }) => dates),
    vectors: parts.flatMap(({ vectors = [] }) => vectors),
  };
}

const DAY = 86_400;

/**
 * How old each row is at a moment, in days. Which moment it is moves all ages alike and drops out when they are
 * standardised, so that nothing of the future shows in them; it matters to who gives an age at serving time.
 * @param now the newest date by default
 */
function ageOf({ name, values }: NumericColumn, now: number | undefined): NumericColumn {
  const seconds = Float64Array.from(values);
  const moment = now ?? seconds.reduce((newest, value) => (value > newest ? value : newest), -Infinity);
  return { name: `${name}Age`, values: seconds.map((value) => (moment - value) / DAY) };
}
