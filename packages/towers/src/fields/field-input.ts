/**
 * What is known of users or items besides their ids, one entry for each row. A kind is what a field means to a user of
 * this package; it decides the width and the form. `name` tells the fields of a kind apart.
 */
export type FieldInput = LabelInput | LabelListInput | DenseInput;

export type FieldKind = FieldInput['kind'];

/** One label per row: `values` is `[rows]`, each in `[0, count)`, or -1 where the label is unknown. */
export interface LabelInput {
  readonly kind: 'category';
  readonly name: string;
  readonly count: number;
  readonly values: Int32Array;
}

/** Any number of labels per row: those of row `i` are `values[offsets[i] .. offsets[i + 1])`, each in `[0, count)`. */
export interface LabelListInput {
  /** The levels of a category, tags that somebody chose, or the hashed words and character n-grams of a text. */
  readonly kind: 'path' | 'tags' | 'text';
  readonly name: string;
  readonly count: number;
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** Numbers, as many for each row: `values` is row-major, `[rows, width]`, finite and standardised. */
export interface DenseInput {
  /** Numbers are separate columns; vectors are embeddings that another model made. A tower has one field of numbers. */
  readonly kind: 'numbers' | 'vectors';
  readonly name: string;
  readonly width: number;
  readonly values: Float32Array;
}

/** A label that each event has, such as the device; a batch brings the labels of its entries along. */
export interface ContextInput {
  readonly name: string;
  readonly count: number;
}

/** Whether a field is looked up in a table of labels; otherwise it is numbers that are projected. */
export function isLabels(field: FieldInput): field is LabelInput | LabelListInput {
  return 'count' in field;
}

/** What shapes the weights of a field: its number of labels, or its width. */
export function sizeOf(field: FieldInput): number {
  return isLabels(field) ? field.count : field.width;
}

/** The name of the weights of a field; kinds part the names, so that one column may be both a category and a text. */
export function weightName(tower: 'user' | 'item', { kind, name }: Pick<FieldInput, 'kind' | 'name'>): string {
  return `${tower}.${kind}.${name}`;
}

/** The field of numbers, whose values a request may bring along. */
export function numbersOf(fields: readonly FieldInput[] | undefined): DenseInput | undefined {
  return fields?.find((field): field is DenseInput => field.kind === 'numbers');
}
