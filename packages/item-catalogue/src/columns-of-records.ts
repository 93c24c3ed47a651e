import type { Attribute, AttributeSchema } from './attribute-schema';
import { LabelsColumn, NumbersColumn, type Column } from './columns';
import { AttributeError } from './errors';

export type AttributeValue = string | readonly string[] | number | boolean | null;

/** Values by the names of attributes, as JSON has them. Dates are ISO 8601 or seconds since 1970; `null` is no value. */
export type AttributeRecord = Readonly<Record<string, AttributeValue | undefined>>;

/** @throws AttributeError */
export function columnsOfRecords(schema: AttributeSchema, records: readonly AttributeRecord[]): Column[] {
  for (const [place, record] of records.entries()) {
    for (const name in record) {
      if (schema.placeOf(name) !== undefined) continue;
      throw new AttributeError(name, `There is no attribute ${JSON.stringify(name)}; ${schema.describe()}.`, place);
    }
  }
  return schema.attributes.map((attribute) =>
    attribute.kind === 'labels' ? labelsColumn(attribute, records) : numbersColumn(attribute, attribute.kind, records),
  );
}

function labelsColumn({ name }: Attribute, records: readonly AttributeRecord[]): LabelsColumn {
  const places = new Map<string, number>();
  const offsets = new Int32Array(records.length + 1);
  const values: number[] = [];
  for (const [row, { [name]: value }] of records.entries()) {
    for (const label of new Set(labelsOf(name, value, row))) {
      const place = places.get(label) ?? places.size;
      places.set(label, place);
      values.push(place);
    }
    offsets[row + 1] = values.length;
  }
  return new LabelsColumn([...places.keys()], offsets, Int32Array.from(values));
}

function labelsOf(name: string, value: unknown, row: number): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  // Categories that are numbers in one source are strings in another.
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (Array.isArray(value) && value.every((label) => typeof label === 'string')) return value;
  throw new AttributeError(name, `${name} must be a string or an array of strings.`, row);
}

function numbersColumn(
  { name }: Attribute,
  kind: 'number' | 'date',
  records: readonly AttributeRecord[],
): NumbersColumn {
  const values = Float64Array.from(records, ({ [name]: value }, row) => {
    if (value === undefined || value === null) return NaN;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const moment = kind === 'date' && typeof value === 'string' ? secondsOf(value) : NaN;
    if (!Number.isNaN(moment)) return moment;
    const expected = kind === 'date' ? 'an ISO 8601 date or a number of seconds since 1970' : 'a finite number';
    throw new AttributeError(name, `${name} must be ${expected}.`, row);
  });
  return new NumbersColumn(kind, values);
}

const isoDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Seconds since 1970 of an ISO 8601 date, in UTC where it names no zone; NaN where it is none. */
export function secondsOf(text: string): number {
  if (!isoDate.test(text)) return NaN;
  // Date.parse takes 31 February for 3 March.
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return NaN;
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/.test(text.slice(10));
  const iso = text.replace(' ', 'T');
  return Date.parse(text.length === 10 || hasZone ? iso : `${iso}Z`) / 1000;
}
