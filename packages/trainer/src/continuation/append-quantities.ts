import type { Quantity } from '@vector-recall/datasets';
import { NumbersColumn, type AttributeTable } from '@vector-recall/item-catalogue';

/**
 * The numbers and dates of stored items with those of new items behind them. One that only the new data has is missing
 * in the stored items, and the other way round.
 *
 * @param appended `[new items]` the row in the new data of each item that is appended
 */
export function appendQuantities(
  { schema, columns, rowCount }: AttributeTable,
  fresh: readonly Quantity[],
  appended: Int32Array,
): Quantity[] {
  const stored = schema.attributes.flatMap(({ name }, place) => {
    const column = columns[place];
    return column instanceof NumbersColumn ? [{ name, kind: column.kind, values: column.values }] : [];
  });
  const added = fresh.filter(({ name }) => schema.placeOf(name) === undefined);
  return [...stored, ...added].map(({ name, kind }) => {
    const before = stored.find((quantity) => quantity.name === name)?.values;
    const after = fresh.find((quantity) => quantity.name === name && quantity.kind === kind)?.values;
    const values = new Float64Array(rowCount + appended.length).fill(NaN);
    if (before !== undefined) values.set(before);
    appended.forEach((row, place) => (values[rowCount + place] = after?.[row] ?? NaN));
    return { name, kind, values };
  });
}
