import type { AttributeTable, Column } from '@vector-recall/item-catalogue';
import type { LiveAttributes } from '../filtering/live-attributes';

/** Which labels some items have, as numbers from 0. */
export interface LabelGroups {
  /** `[items + 1]`: the groups of item `i` are `groups[starts[i] .. starts[i + 1])`. */
  readonly starts: Int32Array;
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/** The attributes of items as they are now: those of the training, and of what changed since. */
export class ItemAttributes {
  constructor(
    private readonly table: AttributeTable,
    private readonly live?: LiveAttributes,
  ) {}

  /** `[rows]`: a number, or a date in seconds since 1970; NaN where an item has none. */
  numbers(attribute: string, rows: Int32Array): Float64Array {
    const values = new Float64Array(rows.length).fill(Number.NaN);
    this.#read(attribute, rows, (column, row, place) => {
      if (column.kind !== 'labels') values[place] = column.values[row];
    });
    return values;
  }

  /** The labels of items; items that have the same one are of the same group. */
  labels(attribute: string, rows: Int32Array): LabelGroups {
    const starts = new Int32Array(rows.length + 1);
    const groups: number[] = [];
    const known = new LabelNumbers();
    this.#read(attribute, rows, (column, row, place) => {
      if (column.kind === 'labels') {
        for (let i = column.offsets[row]; i < column.offsets[row + 1]; i++)
          groups.push(known.of(column, column.values[i]));
      }
      starts[place + 1] = groups.length;
    });
    // Items of which no attributes are known.
    for (let i = 1; i <= rows.length; i++) starts[i] = Math.max(starts[i], starts[i - 1]);
    return { starts, groups: Int32Array.from(groups), groupCount: known.size };
  }

  /** Calls with the column that has the row now, and its row there; not for items of which no attributes are known. */
  #read(attribute: string, rows: Int32Array, read: (column: Column, row: number, place: number) => void): void {
    const stored = this.table.column(attribute);
    const { rowCount } = this.table;
    if (this.live === undefined || this.live.version === 0) {
      if (stored === undefined) return;
      for (let place = 0; place < rows.length; place++) if (rows[place] < rowCount) read(stored, rows[place], place);
      return;
    }
    const { places, table } = this.live.among(rows);
    const newer = table.column(attribute);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place];
      const changedRow = places.get(row);
      if (changedRow === undefined) {
        if (stored !== undefined && row < rowCount) read(stored, row, place);
      } else if (newer !== undefined) {
        read(newer, changedRow, place);
      }
    }
  }
}

/** Numbers labels in the order in which they come. By their places in a column where that is all there is: that is faster. */
class LabelNumbers {
  readonly #byPlace = new Map<number, number>();
  readonly #byText = new Map<string, number>();
  #first?: Column;

  get size(): number {
    return this.#byText.size;
  }

  of(column: Extract<Column, { kind: 'labels' }>, place: number): number {
    this.#first ??= column;
    const known = column === this.#first ? this.#byPlace.get(place) : undefined;
    if (known !== undefined) return known;
    const label = column.labels[place];
    const number = this.#byText.get(label) ?? this.#byText.size;
    this.#byText.set(label, number);
    if (column === this.#first) this.#byPlace.set(place, number);
    return number;
  }
}
