/**
 * The columns of a step's softmax.
 *
 * `shared`: every row sees the same columns; column b is the positive of row b.
 * `per-row`: `items` is `[batch, perRow]` flattened; the first of each row is its positive.
 */
export interface Candidates {
  readonly layout: 'shared' | 'per-row';
  /** Item rows: `[columns]` when shared, `[batch · perRow]` per row. */
  readonly items: Int32Array;
  readonly batch: number;
  /** Columns that one row sees. */
  readonly columns: number;
  /** Logarithm of how often each of `items` is expected as a candidate, up to a constant; absent where that is uniform. */
  readonly logQ?: Float32Array;
}
