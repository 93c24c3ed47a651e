/** What is known of users or items besides their ids, one entry for each row, as the towers read it. */
export type CatalogueField = LabelField | PathField | TagsField | TextField | NumbersField | VectorsField;

/** One label per row. */
export interface LabelField {
  readonly kind: 'category';
  readonly name: string;
  readonly labels: readonly string[];
  /** Of the labels. */
  readonly count: number;
  /** `[rows]` index into `labels`, -1 when unknown. */
  readonly values: Int32Array;
}

/** Any number of labels per row: those of row `i` are `values[offsets[i] .. offsets[i + 1])`. */
interface LabelLists {
  readonly name: string;
  readonly labels: readonly string[];
  /** Of the labels. */
  readonly count: number;
  /** `[rows + 1]` */
  readonly offsets: Int32Array;
  /** Index into `labels`. */
  readonly values: Int32Array;
}

export interface TagsField extends LabelLists {
  readonly kind: 'tags';
}

/** A category and those above it, the broadest first. */
export interface PathField extends LabelLists {
  readonly kind: 'path';
}

/** A text as buckets that its words and character n-grams are hashed to. */
export interface TextField {
  readonly kind: 'text';
  readonly name: string;
  /** Of the buckets. */
  readonly count: number;
  /** `[rows + 1]` */
  readonly offsets: Int32Array;
  /** In `[0, count)`. */
  readonly values: Int32Array;
}

/** How raw values became model inputs: `(raw - mean) / scale`, column by column. */
export interface FeatureScaling {
  /** `[width]` */
  readonly mean: readonly number[];
  /** `[width]`, above zero */
  readonly scale: readonly number[];
}

/** Numbers of separate meaning. */
export interface NumbersField {
  readonly kind: 'numbers';
  readonly name: string;
  /** `[width]` of the columns */
  readonly names: readonly string[];
  readonly width: number;
  /** `[rows, width]`, as the towers read them. */
  readonly values: Float32Array;
  /** What has to be applied to raw numbers at serving time; absent when the values are raw. */
  readonly standardisation?: FeatureScaling;
}

/** Embeddings that another model made. */
export interface VectorsField {
  readonly kind: 'vectors';
  readonly name: string;
  readonly width: number;
  /** `[rows, width]`, as the towers read them. */
  readonly values: Float32Array;
  readonly standardisation?: FeatureScaling;
}

/** A label that each event has, such as the device. */
export interface ContextField {
  readonly name: string;
  readonly labels: readonly string[];
  /** Of the labels. */
  readonly count: number;
}

/** The field of numbers, whose values a request may bring along. */
export function numbersOf(fields: readonly CatalogueField[] | undefined): NumbersField | undefined {
  return fields?.find((field) => field.kind === 'numbers');
}
