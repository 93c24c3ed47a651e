import { notesOnTimes } from './time-span';

const seconds = (...dates: string[]): Float64Array => Float64Array.from(dates, (date) => Date.parse(date) / 1000);

describe('notesOnTimes', () => {
  it.each([
    ['usual times', seconds('1998-01-01', '2026-05-17'), []],
    ['numbers of steps', Float64Array.of(0, 1, 2), []],
    ['no times', new Float64Array(), []],
    [
      'missing times that became 0',
      seconds('1970-01-01', '2025-02-03', '2026-05-17'),
      [
        '1 of 3 interactions are dated before 1980, the log spans 1970-01-01 to 2026-05-17; ' +
          'check that all times are there and in the unit that is stated.',
      ],
    ],
    [
      'seconds that were read as milliseconds',
      seconds('2025-02-03', '2026-05-17').map((time) => time / 1000),
      [
        'All interactions are dated before 1980, the log spans 1970-01-21 to 1970-01-21; ' +
          'check that all times are there and in the unit that is stated.',
      ],
    ],
  ])('says of %s what is odd', (_, times, notes) => {
    expect(notesOnTimes(times)).toEqual(notes);
  });
});
