import { AttributeSchema, type Attribute } from './attribute-schema';
import { LabelsColumn, NumbersColumn, type Column, type Postings } from './columns';
import { columnsOfRecords, type AttributeRecord, type AttributeValue } from './columns-of-records';
import { AttributeError } from './errors';
import type { Filter } from './filter';
import { matchRows, type MatchContext } from './match-rows';
import type { RowSet } from './row-set';

type ColumnParts =
  | { readonly kind: 'number' | 'date'; readonly values: Float64Array }
  | {
      readonly kind: 'labels';
      readonly labels: readonly string[];
      readonly offsets: Int32Array;
      readonly values: Int32Array;
      readonly postings: Postings;
    };

/** A table as plain data. */
export interface AttributeTableParts {
  readonly attributes: readonly Attribute[];
  readonly columns: readonly ColumnParts[];
  readonly rowCount: number;
}

/** The attributes of items by row, counted from 0. Never changed. */
export class AttributeTable {
  /** @param columns in the order of the schema, each of `rowCount` rows */
  constructor(
    readonly schema: AttributeSchema,
    readonly columns: readonly Column[],
    readonly rowCount: number,
  ) {
    const lengths = columns.map((column) =>
      column.kind === 'labels' ? column.offsets.length - 1 : column.values.length,
    );
    for (const [place, { name, kind }] of schema.attributes.entries()) {
      if (columns.at(place)?.kind === kind && lengths[place] === rowCount) continue;
      throw new AttributeError(name, `The column of ${name} must hold ${kind} for ${rowCount} rows.`);
    }
  }

  /**
   * The table of a few thousand items.
   * @param records one a row; an attribute that a record lacks has no value there
   * @throws AttributeError where an attribute is not in the schema, or a value is of another kind
   */
  static fromRecords(schema: AttributeSchema, records: readonly AttributeRecord[]): AttributeTable {
    return new AttributeTable(schema, columnsOfRecords(schema, records), records.length);
  }

  /** @param rowCount items that have no attribute */
  static empty(rowCount: number): AttributeTable {
    return new AttributeTable(new AttributeSchema([]), [], rowCount);
  }

  /** The table that {@link toParts} was called on. */
  static fromParts({ attributes, columns, rowCount }: AttributeTableParts): AttributeTable {
    const made = columns.map((column) =>
      column.kind === 'labels'
        ? new LabelsColumn(column.labels, column.offsets, column.values, column.postings)
        : new NumbersColumn(column.kind, column.values),
    );
    return new AttributeTable(new AttributeSchema(attributes), made, rowCount);
  }

  /** Plain data, for another thread. */
  toParts(): AttributeTableParts {
    const columns = this.columns.map((column): ColumnParts => {
      if (column.kind !== 'labels') return { kind: column.kind, values: column.values };
      const { kind, labels, offsets, values, postings } = column;
      return { kind, labels, offsets, values, postings };
    });
    return { attributes: this.schema.attributes, columns, rowCount: this.rowCount };
  }

  column(attribute: string): Column | undefined {
    const place = this.schema.placeOf(attribute);
    return place === undefined ? undefined : this.columns[place];
  }

  /** What {@link fromRecords} takes: the attributes that the row has. Dates are seconds since 1970. */
  recordAt(row: number): AttributeRecord {
    const record: Record<string, AttributeValue> = {};
    for (const [place, { name }] of this.schema.attributes.entries()) {
      const column = this.columns[place];
      if (column.kind === 'labels') {
        const labels = column.labelsAt(row);
        if (labels.length > 0) record[name] = labels;
      } else if (!Number.isNaN(column.values[row])) {
        record[name] = column.values[row];
      }
    }
    return record;
  }

  /**
   * The rows that a filter selects.
   * @param filter that `checkFilter` let pass for this table's schema
   */
  rowsMatching(filter: Filter, context: MatchContext): RowSet {
    return matchRows(this, filter, context);
  }
}
