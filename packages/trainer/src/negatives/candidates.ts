/**
 * The columns of a step's softmax.
 *
 * `shared`: every row sees the same columns; column b is the positive of row b.
 * `per-row`: `items` is `[batch, perRow]` flattened; the first of each row is its positive.
 * `catalogue`: every row sees every item once; column i is item i.
 */
export interface Candidates {
  readonly layout: 'shared' | 'per-row' | 'catalogue';
  /** Item rows: `[columns]` when shared or the catalogue, `[batch · perRow]` per row. */
  readonly items: Int32Array;
  /** The positive of each row, `[batch]`. */
  readonly positives: Int32Array;
  readonly batch: number;
  /** Columns that one row sees. */
  readonly columns: number;
  /** Logarithm of how often each of `items` is expected as a candidate, up to a constant; absent where that is uniform. */
  readonly logQ?: Float32Array;
  /** Columns of the catalogue that are left out of the softmax. */
  readonly absent?: Int32Array;
}
