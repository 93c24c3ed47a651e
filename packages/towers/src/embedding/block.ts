/**
 * Columns of a row-major matrix that a table writes its look-ups into, so that several tables fill one upload:
 * entry (row, column) is `values[row * stride + offset + column]`.
 */
export interface BlockColumns {
  readonly values: Float32Array;
  readonly stride: number;
  readonly offset: number;
}

/** Lists of table rows in columns: list `i` is `rows[offsets[i] .. offsets[i + 1])`. */
export interface RowLists {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}
