/** For each label the rows that have it, ascending. */
export interface Postings {
  /** `[labels + 1]`: the rows of label `l` are `rows[starts[l] .. starts[l + 1])`. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** The labels of each row, and the rows of each label. */
export class LabelsColumn {
  readonly kind = 'labels';
  readonly postings: Postings;
  readonly #places: ReadonlyMap<string, number>;

  /**
   * @param labels each once
   * @param offsets `[rows + 1]`, ascending from 0: the labels of row `r` are `values[offsets[r] .. offsets[r + 1])`
   * @param values indexes into `labels`, none twice for one row
   * @param postings of these values, where they are there already
   */
  constructor(
    readonly labels: readonly string[],
    readonly offsets: Int32Array,
    readonly values: Int32Array,
    postings?: Postings,
  ) {
    this.#places = new Map(labels.map((label, place) => [label, place]));
    this.postings = postings ?? postingsOf(labels.length, offsets, values);
  }

  /** Of the row, in the order in which they were given. */
  labelsAt(row: number): string[] {
    return Array.from(this.placesAt(row), (place) => this.labels[place]);
  }

  /** Indexes into {@link labels}. */
  placesAt(row: number): Int32Array {
    return this.values.subarray(this.offsets[row], this.offsets[row + 1]);
  }

  /** Rows that have the label, ascending. */
  rowsOf(label: string): Int32Array {
    const place = this.#places.get(label);
    const { starts, rows } = this.postings;
    return place === undefined ? noRows : rows.subarray(starts[place], starts[place + 1]);
  }
}

/** A counting sort of the rows by label. */
function postingsOf(labelCount: number, offsets: Int32Array, values: Int32Array): Postings {
  const starts = new Int32Array(labelCount + 1);
  for (const label of values) starts[label + 1]++;
  for (let label = 0; label < labelCount; label++) starts[label + 1] += starts[label];
  const next = starts.slice();
  const rows = new Int32Array(values.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let i = offsets[row]; i < offsets[row + 1]; i++) rows[next[values[i]]++] = row;
  }
  return { starts, rows };
}

const noRows = new Int32Array(0);

/** A number, or a date in seconds since 1970, for each row. */
export class NumbersColumn {
  /** @param values `[rows]`, NaN where a row has none */
  constructor(
    readonly kind: 'number' | 'date',
    readonly values: Float64Array,
  ) {}
}

export type Column = LabelsColumn | NumbersColumn;
