import type { AttributeTable } from './attribute-table';
import type { LabelsColumn, NumbersColumn } from './columns';
import { FilterError } from './errors';
import type { Bounds, Filter, LabelsFilter } from './filter';
import { RowSet } from './row-set';

/** What a filter is evaluated with besides the attributes. */
export interface MatchContext {
  /** Seconds since 1970, for ages. */
  readonly now: number;
  /** The row of an id, `undefined` when there is none. */
  readonly rowOf: (id: number | string) => number | undefined;
}

/**
 * The rows that a filter selects.
 * @param filter checked against the schema of the table
 */
export function matchRows(table: AttributeTable, filter: Filter, context: MatchContext): RowSet {
  return new RowSet(new Matcher(table, context).match(filter), table.rowCount);
}

class Matcher {
  constructor(
    private readonly table: AttributeTable,
    private readonly context: MatchContext,
  ) {}

  /** @returns words of its own */
  match(filter: Filter): Uint32Array {
    switch (filter.kind) {
      case 'allOf':
        return this.#combine(filter.filters, (words, others) => {
          for (let i = 0; i < words.length; i++) words[i] &= others[i];
        });
      case 'anyOf':
        return this.#combine(filter.filters, (words, others) => {
          for (let i = 0; i < words.length; i++) words[i] |= others[i];
        });
      case 'not':
        return this.#complement(this.match(filter.filter));
      case 'labels':
        return this.#matchLabels(filter);
      case 'range':
        return this.#matchBounds(this.#numbers(filter.attribute), filter);
      case 'age':
        return this.#matchBounds(this.#numbers(filter.attribute), momentsOf(filter, this.context.now));
      case 'ids': {
        const words = this.#empty();
        for (const id of filter.ids) {
          const row = this.context.rowOf(id);
          if (row !== undefined && row < this.table.rowCount) words[row >>> 5] |= 1 << (row & 31);
        }
        return words;
      }
    }
  }

  #empty(): Uint32Array {
    return new Uint32Array(RowSet.wordsFor(this.table.rowCount));
  }

  #combine(filters: readonly Filter[], merge: (words: Uint32Array, others: Uint32Array) => void): Uint32Array {
    const [first, ...rest] = filters;
    const words = this.match(first);
    for (const filter of rest) merge(words, this.match(filter));
    return words;
  }

  #complement(words: Uint32Array): Uint32Array {
    const { rowCount } = this.table;
    for (let i = 0; i < words.length; i++) words[i] = ~words[i];
    const last = rowCount >>> 5;
    if (last < words.length) words[last] &= (1 << (rowCount & 31)) - 1;
    words.fill(0, last + 1);
    return words;
  }

  #matchLabels({ attribute, values, mode }: LabelsFilter): Uint32Array {
    const column = this.#labels(attribute);
    if (mode === 'all') {
      const [first, ...rest] = new Set(values);
      const words = this.#rowsOf(column, first);
      for (const value of rest) {
        const others = this.#rowsOf(column, value);
        for (let i = 0; i < words.length; i++) words[i] &= others[i];
      }
      return words;
    }
    const words = this.#empty();
    for (const value of values) addRows(words, column.rowsOf(value));
    return mode === 'none' ? this.#complement(words) : words;
  }

  #rowsOf(column: LabelsColumn, label: string): Uint32Array {
    const words = this.#empty();
    addRows(words, column.rowsOf(label));
    return words;
  }

  #matchBounds({ values }: NumbersColumn, { min, max, excludesMin, excludesMax }: Bounds): Uint32Array {
    // The interval with both bounds in it that holds the same doubles, so that the loop has one form.
    const least = min === undefined ? -Infinity : excludesMin === true ? nextUp(min) : min;
    const most = max === undefined ? Infinity : excludesMax === true ? -nextUp(-max) : max;
    const words = this.#empty();
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      // NaN, of rows without a value, is in no interval.
      if (value >= least && value <= most) words[row >>> 5] |= 1 << (row & 31);
    }
    return words;
  }

  #labels(attribute: string): LabelsColumn {
    const column = this.table.column(attribute);
    if (column?.kind === 'labels') return column;
    throw new FilterError(attribute, `The attribute ${attribute} has no labels here; check the filter first.`);
  }

  #numbers(attribute: string): NumbersColumn {
    const column = this.table.column(attribute);
    if (column !== undefined && column.kind !== 'labels') return column;
    throw new FilterError(attribute, `The attribute ${attribute} has no numbers here; check the filter first.`);
  }
}

function addRows(words: Uint32Array, rows: Int32Array): void {
  for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
}

/** The moments that lie in an interval of ages: the older, the earlier. */
function momentsOf({ min, max, excludesMin, excludesMax }: Bounds, now: number): Bounds {
  return {
    min: max === undefined ? undefined : now - max,
    max: min === undefined ? undefined : now - min,
    excludesMin: excludesMax,
    excludesMax: excludesMin,
  };
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The smallest double that is larger. */
function nextUp(value: number): number {
  if (value === Infinity) return NaN;
  // Both zeros have the same successor.
  double[0] = value + 0;
  bits[0] += value < 0 ? -1n : 1n;
  return double[0];
}
