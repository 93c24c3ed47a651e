import type { CategoryField, TagsField } from '../fields';
import { ownText } from '../vocabulary/vocabulary-builder';
import { int32Column } from './growable';
import type { LabelColumn } from './standardise';

/** Numbers labels in the order in which they turn up. */
export class LabelTable {
  readonly #rows = new Map<string, number>();
  readonly labels: string[] = [];

  has(label: string): boolean {
    return this.#rows.has(label);
  }

  indexOf(label: string): number {
    const known = this.#rows.get(label);
    if (known !== undefined) return known;
    const own = ownText(label);
    this.#rows.set(own, this.labels.length);
    this.labels.push(own);
    return this.labels.length - 1;
  }
}

/** Collects one label per row; rows come in ascending order and may be left out. */
export class CategoryBuilder {
  readonly #table = new LabelTable();
  readonly #values = int32Column();

  /** An empty label leaves the row unknown. */
  set(row: number, label: string): void {
    while (this.#values.length < row) this.#values.push(-1);
    this.#values.push(label === '' ? -1 : this.#table.indexOf(label));
  }

  /** `undefined` when no row has a label. */
  build(name: string, rows: number): CategoryField | undefined {
    const { labels } = this.#table;
    if (labels.length === 0) return undefined;
    const values = new Int32Array(rows).fill(-1);
    values.set(this.#values.view());
    return { kind: 'category', name, labels, count: labels.length, values };
  }

  /** The labels as flags for a feature matrix; none when no row has a label. */
  toInputs(name: string, rows: number): LabelColumn[] {
    const column = this.build(name, rows);
    return column === undefined ? [] : [{ name, labels: column.labels, indices: column.values }];
  }
}

/** Collects any number of labels per row; rows come in any order. */
export class TagBuilder {
  readonly #table = new LabelTable();
  readonly #rows = int32Column();
  readonly #labels = int32Column();

  add(row: number, label: string): void {
    this.#rows.push(row);
    this.#labels.push(this.#table.indexOf(label));
  }

  /**
   * @param isKept whether a label stays, by its text and the number of its rows
   * @returns `undefined` when no label is left
   */
  build(
    name: string,
    rows: number,
    isKept: (label: string, rowCount: number) => boolean = () => true,
  ): TagsField | undefined {
    const all = this.#byRow(rows);
    const counts = new Int32Array(this.#table.labels.length);
    all.values.forEach((label) => counts[label]++);
    const renumbered = new Int32Array(counts.length).fill(-1);
    const labels: string[] = [];
    this.#table.labels.forEach((label, index) => {
      if (isKept(label, counts[index])) renumbered[index] = labels.push(label) - 1;
    });
    if (labels.length === 0) return undefined;
    return { kind: 'tags', name, labels, count: labels.length, ...relabel(all, renumbered) };
  }

  /** The pairs grouped by row, each label once per row, in the order in which they came. */
  #byRow(rows: number): { offsets: Int32Array; values: Int32Array } {
    const starts = new Int32Array(rows + 1);
    const pairs = this.#rows.length;
    for (let pair = 0; pair < pairs; pair++) starts[this.#rows.at(pair) + 1]++;
    for (let row = 0; row < rows; row++) starts[row + 1] += starts[row];
    const grouped = new Int32Array(pairs);
    const next = starts.slice(0, rows);
    for (let pair = 0; pair < pairs; pair++) grouped[next[this.#rows.at(pair)]++] = this.#labels.at(pair);

    const offsets = new Int32Array(rows + 1);
    const values = int32Column();
    const lastRow = new Int32Array(this.#table.labels.length).fill(-1);
    for (let row = 0; row < rows; row++) {
      for (const label of grouped.subarray(starts[row], starts[row + 1])) {
        if (lastRow[label] !== row) values.push(label);
        lastRow[label] = row;
      }
      offsets[row + 1] = values.length;
    }
    return { offsets, values: values.toArray() };
  }
}

/** Replaces labels by their new numbers and drops those numbered -1. */
function relabel(
  { offsets, values }: { offsets: Int32Array; values: Int32Array },
  renumbered: Int32Array,
): { offsets: Int32Array; values: Int32Array } {
  const kept = int32Column();
  const newOffsets = new Int32Array(offsets.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (const label of values.subarray(offsets[row], offsets[row + 1])) {
      if (renumbered[label] >= 0) kept.push(renumbered[label]);
    }
    newOffsets[row + 1] = kept.length;
  }
  return { offsets: newOffsets, values: kept.toArray() };
}

/**
 * The label of each row that says most about it: the one on the fewest rows. A film that is a Drama and a Western is
 * a Western.
 * @param name of the field
 * @param isCandidate whether a label may be a category, by its text and the number of its rows
 */
export function rarestLabel(
  name: string,
  tags: TagsField,
  isCandidate: (label: string, rowCount: number) => boolean,
): CategoryField | undefined {
  const counts = new Int32Array(tags.labels.length);
  tags.values.forEach((label) => counts[label]++);
  const candidates = tags.labels.map((label, index) => isCandidate(label, counts[index]));
  const categories = new CategoryBuilder();
  const rows = tags.offsets.length - 1;
  for (let row = 0; row < rows; row++) {
    let rarest = -1;
    for (const label of tags.values.subarray(tags.offsets[row], tags.offsets[row + 1])) {
      if (candidates[label] && (rarest < 0 || counts[label] < counts[rarest])) rarest = label;
    }
    categories.set(row, rarest < 0 ? '' : tags.labels[rarest]);
  }
  return categories.build(name, rows);
}
