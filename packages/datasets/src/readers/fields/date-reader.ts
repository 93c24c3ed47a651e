import type { Attributes } from '../../columns/attributes';
import { float64Column } from '../../columns/growable';
import type { Block } from '../../tables/table';
import { TimeReader, type TimeFormat } from '../../tables/times';
import { isMissingAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/** How a column of dates is written; without a unit, ISO dates are told from seconds since 1970 by their look. */
export type DateFormat = Partial<TimeFormat>;

const LOOKS_ISO = /^\s*\d{4}-/;

/** A date, which becomes an age: how long before the newest event it was. */
export class DateReader implements FieldReader {
  readonly #seconds = float64Column();
  readonly #iso: TimeReader;
  readonly #number: TimeReader;

  constructor(
    readonly column: string,
    { unit, zone }: DateFormat,
  ) {
    this.#iso = new TimeReader({ unit: 'iso', zone });
    this.#number = unit === 'iso' ? this.#iso : new TimeReader({ unit: unit ?? 's' });
  }

  take(block: Block, row: number, _target: number, place: number): void {
    if (isMissingAt(block, row, place)) {
      this.#seconds.push(NaN);
      return;
    }
    const value = block.cell(row, place);
    const reader = typeof value === 'string' && LOOKS_ISO.test(value) ? this.#iso : this.#number;
    this.#seconds.push(reader.secondsAt(block, row, place));
  }

  build(): Attributes {
    return { dates: [{ name: this.column, values: this.#seconds.toArray() }] };
  }
}
