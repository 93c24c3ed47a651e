import type { DenseInput } from '../field-input';
import type { RowSum } from '../row-sum';

/** A direction for each column by its value, over the root of their number. */
export function startFromNumbers({ width, values }: DenseInput, sum: RowSum): void {
  const table = sum.directions(width);
  const each = 1 / Math.sqrt(width);
  for (let at = 0; at < values.length; at++) {
    const column = at % width;
    sum.add((at - column) / width, table, column, each * values[at]);
  }
}
