import type { LabelInput } from '../field-input';

/** The label of each row, -1 where it is unknown or the row is -1. */
export function labelsOf({ values }: LabelInput, rows: Int32Array): Int32Array {
  return rows.map((row) => (row < 0 ? -1 : values[row]));
}
