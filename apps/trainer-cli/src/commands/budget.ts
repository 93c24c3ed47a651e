import { UsageError } from '@vector-recall/command-line';

/** Minutes in a unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60 };

/** What a timer of Node can wait for, with room to spare. */
const MOST_MINUTES = 10_000;

/**
 * Reads a length of time: `90s`, `30m`, `1.5h`, or a bare number of minutes.
 * @returns minutes
 * @throws UsageError when it is anything else, not above zero or too long
 */
export function parseBudget(text: string): number {
  const [, number = '', unit = 'm'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text.trim()) ?? [];
  const minutes = number === '' ? NaN : Number(number) * UNITS[unit];
  if (minutes > 0 && minutes <= MOST_MINUTES) return minutes;
  throw new UsageError(
    `--budget is "${text}", but it must be a time above 0 and at most ${MOST_MINUTES} minutes, as in 90s, 30m or 2h; a bare number is minutes.`,
  );
}
