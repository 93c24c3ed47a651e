/**
 * The columns of a step's softmax.
 *
 * `shared`: every row sees the same columns; column b is the positive of row b.
 * `per-row`: `items` is `[batch, perRow]` flattened; the first of each row is its positive.
 * `pool`: every row sees its own positive and a pool that all share: `items` is `[batch]` positives and then the pool.
 * `catalogue`: every row sees every item once; column i is item i.
 */
export interface Candidates {
  readonly layout: 'shared' | 'per-row' | 'pool' | 'catalogue';
  /** Item rows: `[columns]` when shared or the catalogue, `[batch · perRow]` per row, `[batch + pool]` with a pool. */
  readonly items: Int32Array;
  /** The positive of each row, `[batch]`. */
  readonly positives: Int32Array;
  readonly batch: number;
  /** Columns that one row sees. */
  readonly columns: number;
  /**
   * Logarithm of how often each of `items` is expected as a candidate, up to a constant; absent where that is uniform.
   * With a pool it is not up to a constant, and that of a row's own positive is 0.
   */
  readonly logQ?: Float32Array;
  /** Columns of the catalogue that are left out of the softmax. */
  readonly absent?: Int32Array;
}
