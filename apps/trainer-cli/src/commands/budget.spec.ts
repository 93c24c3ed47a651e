import { UsageError } from '@vector-recall/command-line';
import { parseBudget } from './budget';

describe('parseBudget', () => {
  it.each([
    ['90s', 1.5],
    ['30m', 30],
    ['1.5h', 90],
    ['30', 30],
    ['0.05', 0.05],
    [' 2h ', 120],
    ['10000', 10_000],
  ])('reads %p as %p minutes', (text, minutes) => {
    expect(parseBudget(text)).toBeCloseTo(minutes, 12);
  });

  it.each(['', '0', '0s', '-5', '30 m', '30d', 'm', '1e3', '10001', '200h', 'Infinity', '0x10', '30M'])(
    'refuses %p',
    (text) => {
      expect(() => parseBudget(text)).toThrow(
        new UsageError(
          `--budget is "${text}", but it must be a time above 0 and at most 10000 minutes, ` +
            'as in 90s, 30m or 2h; a bare number is minutes.',
        ),
      );
    },
  );
});
