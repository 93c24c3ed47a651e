/** The ids of users or items by row, counted from 0: either all integers (safe ones) or all strings. */
export interface IdColumn {
  readonly kind: 'integer' | 'string';
  readonly size: number;
  /** The id of a row in [0, size). */
  idAt(row: number): number | string;
  /** The row of an id, `undefined` when there is none. `"7"` and `7` are different ids. */
  rowOf(id: number | string): number | undefined;
}

/** Texts by row; an array of strings is one. */
export type TextColumn = Pick<readonly string[], 'length' | 'at'>;

/** How raw values became model inputs: `(raw - mean) / scale`, column by column. */
export interface FeatureScaling {
  /** `[width]` */
  readonly mean: readonly number[];
  /** `[width]`, above zero */
  readonly scale: readonly number[];
}

/** Dense features, one row per user or item. */
export interface FeatureColumns {
  /** `[width]` */
  readonly names: readonly string[];
  readonly width: number;
  /** `[rows, width]`, as the towers read them. */
  readonly values: Float32Array;
  /** What has to be applied to raw features at serving time; absent when the values are raw. */
  readonly standardisation?: FeatureScaling;
}

/** One label per item. */
export interface Categories {
  readonly labels: readonly string[];
  /** `[items]` index into `labels`, -1 when unknown. */
  readonly values: Int32Array;
}

/** Any number of labels per item: those of item `i` are `values[offsets[i] .. offsets[i + 1])`. */
export interface Tags {
  readonly labels: readonly string[];
  /** `[items + 1]` */
  readonly offsets: Int32Array;
  /** Index into `labels`. */
  readonly values: Int32Array;
}

/** What each user has, oldest first: that of user `u` is `items[offsets[u] .. offsets[u + 1])`. */
export interface Histories {
  /** `[users + 1]` */
  readonly offsets: Int32Array;
  /** Item rows. */
  readonly items: Int32Array;
}

/** Everything that serving has to know of users and items besides their vectors. Rows are those of the towers. */
export interface Catalogue {
  readonly userIds: IdColumn;
  readonly itemIds: IdColumn;
  /** `[items]`, what a person calls them; empty where an item has no name. */
  readonly names?: TextColumn;
  readonly categories?: Categories;
  readonly tags?: Tags;
  readonly itemFeatures?: FeatureColumns;
  readonly userFeatures?: FeatureColumns;
  readonly history: Histories;
}
