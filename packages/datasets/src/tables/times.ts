import { CellError } from './cell-error';
import type { Block } from './table';
import { ZoneClock } from './time-zone';
import { numberAt, spell } from './values';

/** How a column writes time. */
export interface TimeFormat {
  readonly unit: 's' | 'ms' | 'us' | 'ns' | 'iso';
  /** Where ISO times without a zone were taken; without it they are refused. */
  readonly zone?: string;
}

const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;

/** Events were not recorded before 1900 and will not be after 2200: such a time is in another unit. */
const EARLIEST = Date.UTC(1900, 0) / 1000;
const LATEST = Date.UTC(2200, 0) / 1000;

/** Reads the times of one column, in seconds since 1970. */
export class TimeReader {
  readonly #clock: ZoneClock | undefined;

  constructor(private readonly format: TimeFormat) {
    if (format.zone !== undefined) this.#clock = new ZoneClock(format.zone);
  }

  /** @throws CellError when the cell holds no time, or one that no event has */
  secondsAt(block: Block, row: number, column: number): number {
    const seconds = this.#read(block, row, column);
    if (seconds >= EARLIEST && seconds < LATEST) return seconds;
    throw new CellError(
      'DATASET_NUMBER_INVALID',
      `${spell(block.cell(row, column))} is a time in the year ${yearOf(seconds)}; ` +
        'write all times of the column in one unit, and state it: s, ms, us, ns or iso.',
      block.place(row, column),
    );
  }

  #read(block: Block, row: number, column: number): number {
    const value = block.cell(row, column);
    if (value instanceof Date && Number.isFinite(value.getTime())) return value.getTime() / 1000;
    const { unit } = this.format;
    if (unit !== 'iso') return numberAt(block, row, column) / PER_SECOND[unit];
    const time = typeof value === 'string' ? parseIso(value.trim(), this.#clock) : undefined;
    if (typeof time === 'number') return time;
    const problem =
      time === 'without zone'
        ? 'has no time zone; state the one of the column, as in zone: UTC'
        : 'is no ISO 8601 time such as 2026-05-17T08:30:00Z; correct it or state another unit';
    throw new CellError('DATASET_NUMBER_INVALID', `${spell(value)} ${problem}.`, block.place(row, column));
  }
}

/** A date, and a time with an optional zone; the year, month and day, the hour, minute and second, the zone. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/;

/**
 * The time that a text writes, in seconds since 1970. A date without a time is its first moment, in UTC where there is no
 * clock. `undefined` for other texts and for days and hours that do not exist, which `Date.parse` would carry over.
 */
export function parseIso(text: string, clock?: ZoneClock): number | 'without zone' | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  // Groups that take no part in the match are undefined, whatever the type says.
  const groups: readonly (string | undefined)[] = match;
  const [year, month, day, hour, minute] = groups.slice(1, 6).map((digits) => Number(digits ?? 0));
  const second = Number((groups[6] ?? '0').replace(',', '.'));
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second >= 60) return undefined;
  // Date.UTC takes years below 100 for those of the 20th century; the calendar repeats after 400 years.
  const local = Date.UTC(year + 400, month - 1, day, hour, minute) / 1000 - FOUR_CENTURIES + second;
  const zone = groups[7];
  if (zone !== undefined) return local - offsetOf(zone);
  if (clock !== undefined) return clock.toUtc(Math.floor(local)) + (local - Math.floor(local));
  return groups[4] === undefined ? local : 'without zone';
}

const FOUR_CENTURIES = 146_097 * 86_400;

function daysOf(year: number, month: number): number {
  // Day 0 of the next month is the last of this one.
  return new Date(Date.UTC(year + 400, month, 0)).getUTCDate();
}

function offsetOf(zone: string): number {
  if (zone === 'Z' || zone === 'UTC') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3).replace(':', '') || 0) * 60);
}

function yearOf(seconds: number): number {
  const days = seconds / 86_400;
  return Math.floor(1970 + days / 365.2425);
}
