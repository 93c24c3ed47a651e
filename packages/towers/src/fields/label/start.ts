import type { LabelInput } from '../field-input';
import type { RowSum } from '../row-sum';

/** A random direction for each label. */
export function startFromLabel({ values }: LabelInput, sum: RowSum, count: number): void {
  const table = sum.directions(count);
  for (let row = 0; row < values.length; row++) {
    if (values[row] >= 0) sum.add(row, table, values[row], 1);
  }
}
