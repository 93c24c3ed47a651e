import fc from 'fast-check';
import type { Block } from './table';
import { parseIso, TimeReader, type TimeFormat } from './times';

const blockOf = (value: unknown): Block => ({
  count: 1,
  isText: typeof value === 'string',
  cell: () => value,
  place: () => ({ file: 'f', line: 9, column: 'c' }),
});
const read = (value: unknown, format: TimeFormat): number => new TimeReader(format).secondsAt(blockOf(value), 0, 0);

describe('TimeReader', () => {
  it.each([
    ['978300760', { unit: 's' }, 978300760],
    ['1500', { unit: 'ms' }, 1.5],
    ['1500000', { unit: 'us' }, 1.5],
    [1_500_000_000n, { unit: 'ns' }, 1.5],
    ['1970-01-02', { unit: 'iso' }, 86400],
    ['1970-01-01T01:00:00+01:00', { unit: 'iso' }, 0],
    ['1970-01-01 01:00:00+01', { unit: 'iso' }, 0],
    ['1970-01-01 00:00:01.5Z', { unit: 'iso' }, 1.5],
    [' 1970-01-01 00:00:01,5 UTC ', { unit: 'iso' }, 1.5],
    ['1970-01-01 01:00:00.25', { unit: 'iso', zone: '+01:00' }, 0.25],
    ['2026-07-01 12:00', { unit: 'iso', zone: 'Europe/Berlin' }, Date.UTC(2026, 6, 1, 10) / 1000],
    ['2026-07-01T12:00Z', { unit: 'iso', zone: 'Europe/Berlin' }, Date.UTC(2026, 6, 1, 12) / 1000],
    [new Date(3000), { unit: 's' }, 3],
  ] as const)('reads %p as %p', (value, format, expected) => {
    expect(read(value, format)).toBe(expected);
  });

  it.each([
    '17 May 2026',
    '2026-13-01',
    '2026-02-29',
    '2024-02-30T00:00:00Z',
    '2026-04-31',
    '2026-01-01T24:00:00Z',
    '2026-01-01T12:60:00Z',
    '1700000000',
  ])('refuses the ISO time %p', (value) => {
    expect(() => read(value, { unit: 'iso' })).toThrow(
      `f, line 9, column c: "${value}" is no ISO 8601 time such as 2026-05-17T08:30:00Z; correct it or state another unit.`,
    );
  });

  it('asks for a zone where a time has none', () => {
    expect(() => read('2026-05-17T08:30:00', { unit: 'iso' })).toThrow(
      'f, line 9, column c: "2026-05-17T08:30:00" has no time zone; state the one of the column, as in zone: UTC.',
    );
  });

  it.each([
    ['1700000000000', { unit: 's' }, 'the year 55840'],
    ['-3000000000', { unit: 's' }, 'the year 1874'],
    ['0001-01-01', { unit: 'iso' }, 'the year 1'],
    ['9999-12-31', { unit: 'iso' }, 'the year 9999'],
  ] as const)('refuses %p, which is centuries away', (value, format, year) => {
    expect(() => read(value, format)).toThrow(
      `f, line 9, column c: "${value}" is a time in ${year}; ` +
        'write all times of the column in one unit, and state it: s, ms, us, ns or iso.',
    );
  });
});

describe('parseIso', () => {
  it('reads every instant that Date writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2e12, max: 7e12 }), (time) => {
        expect(parseIso(new Date(time).toISOString())).toBeCloseTo(time / 1000, 3);
      }),
    );
  });

  it('reads a day exactly where the calendar has it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2200 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          expect(parseIso(text)).toBe(exists ? date.getTime() / 1000 : undefined);
        },
      ),
    );
  });
});
