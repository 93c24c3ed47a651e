import { RandomStream } from '@vector-recall/random';
import { pairedDifference } from './paired-difference';

const random = () => new RandomStream(1, 'test');

it('is the mean difference, with an interval around it that narrows with the root of the users', () => {
  const width = (users: number): number => {
    const a = Float64Array.from({ length: users }, (_, user) => (user % 2 === 0 ? 1 : 0));
    const { value, interval } = pairedDifference(a, new Float64Array(users), random());
    expect(value).toBeCloseTo(0.5, 10);
    // A share of one half has a standard error of √(¼ / users).
    const error = Math.sqrt(0.25 / users);
    expect(Math.abs(interval[0] - (0.5 - 1.96 * error))).toBeLessThan(0.25 * error);
    expect(Math.abs(interval[1] - (0.5 + 1.96 * error))).toBeLessThan(0.25 * error);
    return interval[1] - interval[0];
  };
  expect(width(400) / width(1600)).toBeCloseTo(2, 0);
});

it('has no spread where both agree on every user, however much the users differ', () => {
  const hits = Float64Array.from({ length: 100 }, (_, user) => user % 3);
  expect(pairedDifference(hits, hits, random())).toEqual({ value: 0, interval: [0, 0] });
});

it('gives the same interval for the same stream', () => {
  const a = [1, 0, 0, 1, 1, 0];
  const b = [0, 0, 1, 1, 0, 0];
  expect(pairedDifference(a, b, random())).toEqual(pairedDifference(a, b, random()));
});

it('refuses figures of different users', () => {
  expect(() => pairedDifference([1], [1, 0], random())).toThrow(RangeError);
});
