import { atDeadline, deadlineOf } from './deadline';

describe('a deadline', () => {
  it.each([
    ['1500m', 1500],
    ['2S', 2000],
    ['3M', 180_000],
    ['1H', 3_600_000],
    ['99999999H', 99_999_999 * 3_600_000],
    ['500u', 0.5],
    ['7n', 7e-6],
    ['0m', 0],
  ])('%s', (timeout, ms) => {
    expect(deadlineOf(timeout, 10_000)).toBe(10_000 + ms);
  });

  it('is none where the caller gives none', () => {
    expect(deadlineOf(undefined)).toBe(Infinity);
  });

  it.each(['', '5', 'm', '123456789m', '-1m', '1.5S', '5 S', '5x'])('is refused as %j', (timeout) => {
    expect(() => deadlineOf(timeout)).toThrow(
      `grpc-timeout is ${JSON.stringify(timeout)}, but it must be up to 8 digits and one of H, M, S, m, u and n.`,
    );
  });
});

describe('the timer of a deadline', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('fires at the deadline, and at once for one that has passed', () => {
    const fired: string[] = [];
    atDeadline(Date.now() + 50, () => fired.push('later'));
    atDeadline(Date.now() - 50, () => fired.push('passed'));
    jest.advanceTimersByTime(0);
    expect(fired).toEqual(['passed']);
    jest.advanceTimersByTime(50);
    expect(fired).toEqual(['passed', 'later']);
  });

  it.each([25 * 86_400_000, Infinity])('does not fire at once for one %d ms ahead', (ms) => {
    const callBack = jest.fn();
    expect(atDeadline(Date.now() + ms, callBack)).toBeUndefined();
    jest.advanceTimersByTime(1000);
    expect(callBack).not.toHaveBeenCalled();
  });
});
