import type { Catalogue } from '@vector-recall/model-store';
import type { Parameter } from '@vector-recall/towers';
import type { RowMap } from './table-rows';

/** The labels of items: those of item `i` are `values[offsets[i] .. offsets[i + 1])`. */
interface LabelLists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/**
 * Starts the id rows of new items from what they are: for each field the mean over their labels of the trained rows of
 * the items that carry the label, and the mean of those. An item that shares no label with a trained one keeps the row that was drawn for it.
 *
 * @param table `[items, dim]`, into which the rows of the stored model were copied
 * @param rows the stored row of each item, -1 for new ones
 */
export function startNewItems(table: Parameter, rows: RowMap, catalogue: Catalogue): void {
  const dim = table.shape[1];
  const newItems = [...rows.keys()].filter((item) => rows[item] < 0);
  if (newItems.length === 0) return;
  const starts = labelFields(catalogue).map((field) => ({ field, means: meansByLabel(table, rows, field) }));
  for (const item of newItems) {
    const sum = new Float64Array(dim);
    let count = 0;
    for (const { field, means } of starts) {
      const labels = field.values.subarray(field.offsets[item], field.offsets[item + 1]);
      const known = Array.from(labels, (label) => means.get(label)).filter((mean) => mean !== undefined);
      if (known.length === 0) continue;
      count++;
      for (const mean of known) for (let d = 0; d < dim; d++) sum[d] += mean[d] / known.length;
    }
    if (count > 0) for (let d = 0; d < dim; d++) table.values[item * dim + d] = sum[d] / count;
  }
}

/** The mean id row of the trained items of each label; a label that no trained item has is absent. */
function meansByLabel(
  { values: table, shape }: Parameter,
  rows: RowMap,
  { offsets, values }: LabelLists,
): ReadonlyMap<number, Float64Array> {
  const dim = shape[1];
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let item = 0; item < rows.length; item++) {
    if (rows[item] < 0) continue;
    for (const label of values.subarray(offsets[item], offsets[item + 1])) {
      const entry = sums.get(label) ?? { sum: new Float64Array(dim), count: 0 };
      sums.set(label, entry);
      entry.count++;
      for (let d = 0; d < dim; d++) entry.sum[d] += table[item * dim + d];
    }
  }
  return new Map([...sums].map(([label, { sum, count }]) => [label, sum.map((value) => value / count)]));
}

function labelFields({ itemFields = [] }: Catalogue): readonly LabelLists[] {
  return itemFields.flatMap((field) => {
    if (field.kind === 'category') return [asLists(field.values)];
    return 'offsets' in field ? [field] : [];
  });
}

/** One label per item, -1 where it is unknown, as lists of one or none. */
function asLists(labels: Int32Array): LabelLists {
  const offsets = new Int32Array(labels.length + 1);
  labels.forEach((label, item) => (offsets[item + 1] = offsets[item] + (label < 0 ? 0 : 1)));
  return { offsets, values: labels.filter((label) => label >= 0) };
}
