import type { LabelListInput } from '../field-input';
import type { RowSum } from '../row-sum';

/** The directions of a row's labels, over the root of their number. */
export function startFromLabels({ offsets, values }: LabelListInput, sum: RowSum, count: number): void {
  const table = sum.directions(count);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const each = 1 / Math.sqrt(offsets[row + 1] - offsets[row]);
    for (let at = offsets[row]; at < offsets[row + 1]; at++) sum.add(row, table, values[at], each);
  }
}
