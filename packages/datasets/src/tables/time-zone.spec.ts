import fc from 'fast-check';
import { isTimeZone, ZoneClock } from './time-zone';

const utc = (text: string): number => Date.parse(`${text}Z`) / 1000;

describe('isTimeZone', () => {
  it.each([
    ['UTC', true],
    ['Europe/Berlin', true],
    ['+05:30', true],
    ['-0300', true],
    ['Mars/Olympus', false],
    ['+25:00', false],
    ['', false],
  ])('takes %p for %p', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});

describe('ZoneClock', () => {
  it.each([
    ['UTC', '2026-07-01T12:00', '2026-07-01T12:00'],
    ['+05:30', '2026-07-01T12:00', '2026-07-01T06:30'],
    ['Europe/Berlin', '2026-01-15T12:00', '2026-01-15T11:00'],
    ['Europe/Berlin', '2026-07-15T12:00', '2026-07-15T10:00'],
    // Clocks go from 02:00 to 03:00 on 29 March, and from 03:00 back to 02:00 on 25 October.
    ['Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59'],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00'],
    ['America/New_York', '2026-11-01T00:30', '2026-11-01T04:30'],
  ])('reads a clock in %s that shows %s', (zone, local, expected) => {
    expect(new ZoneClock(zone).toUtc(utc(local))).toBe(utc(expected));
  });

  it('finds an instant again from what its clock shows, or the first that shows the same', () => {
    const clock = new ZoneClock('Australia/Lord_Howe');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (instant) => {
        const local = instant + clock.offsetAt(instant);
        const found = clock.toUtc(local);
        expect(found).toBeLessThanOrEqual(instant);
        expect(found + clock.offsetAt(found)).toBe(local);
      }),
    );
  });
});
