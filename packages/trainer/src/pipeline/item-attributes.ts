import type { Dataset, Field } from '@vector-recall/datasets';
import {
  type Attribute,
  AttributeSchema,
  AttributeTable,
  LabelsColumn,
  NumbersColumn,
  type Column,
} from '@vector-recall/item-catalogue';

/**
 * What filters can select items by: categories, paths and tags as labels, and numbers and dates as the source has them.
 * Where two columns of a source have one name, the first of numbers, dates and labels stands for it.
 */
export function itemAttributes({ items: { vocabulary, fields, quantities = [] } }: Dataset): AttributeTable {
  const columns = new Map<string, Column>();
  const add = (name: string, column: Column): void => {
    if (name !== '' && !columns.has(name)) columns.set(name, column);
  };
  for (const { name, kind, values } of quantities) add(name, new NumbersColumn(kind, values));
  for (const field of fields) {
    const labels = labelsOf(field, vocabulary.size);
    if (labels !== undefined) add(field.name, labels);
  }
  const attributes = Array.from(columns, ([name, { kind }]): Attribute => ({ name, kind }));
  return new AttributeTable(new AttributeSchema(attributes), [...columns.values()], vocabulary.size);
}

function labelsOf(field: Field, rows: number): LabelsColumn | undefined {
  switch (field.kind) {
    case 'category': {
      const offsets = new Int32Array(rows + 1);
      for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + (field.values[row] < 0 ? 0 : 1);
      return new LabelsColumn(
        field.labels,
        offsets,
        field.values.filter((label) => label >= 0),
      );
    }
    case 'path':
    case 'tags':
      return withoutRepeats(field.labels, field.offsets, field.values);
    default:
      return undefined;
  }
}

/** A row may have a tag twice in its source. */
function withoutRepeats(labels: readonly string[], offsets: Int32Array, values: Int32Array): LabelsColumn {
  const kept = new Int32Array(values.length);
  const ends = new Int32Array(offsets.length);
  let count = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let i = offsets[row]; i < offsets[row + 1]; i++) {
      if (!kept.subarray(ends[row], count).includes(values[i])) kept[count++] = values[i];
    }
    ends[row + 1] = count;
  }
  return new LabelsColumn(labels, ends, kept.slice(0, count));
}
