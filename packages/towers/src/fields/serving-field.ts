import type { Columns } from '../serving/matrix';

/** A field as it serves: the twin of `TowerField`, without gradients. */
export interface ServingField {
  /** Columns of the tower's input. */
  readonly width: number;
  /**
   * Writes what the field says of each row; a row of -1 is one of which nothing is known.
   * @param fresh `[rows, inputs]`, in place of what is stored; for numbers only
   */
  encode(rows: Int32Array, out: Columns, fresh?: Float32Array): void;
}
