import { RandomStream } from '@vector-recall/random';
import { dropoutMask } from './dropout-mask';

describe('dropoutMask', () => {
  it('drops the asked share of entries and holds zeros and ones only', () => {
    const mask = dropoutMask(100_000, 0.3, new RandomStream(1));
    expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
    const kept = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    // Five standard deviations of a share of 0.7 over 100,000 draws.
    expect(Math.abs(kept - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 100_000));
  });

  it('follows the stream: another draw is another mask, the same state the same one', () => {
    const random = new RandomStream(1);
    const first = Array.from(dropoutMask(256, 0.5, random));
    expect(Array.from(dropoutMask(256, 0.5, random))).not.toEqual(first);
    expect(Array.from(dropoutMask(256, 0.5, new RandomStream(1)))).toEqual(first);
  });

  it('joins pieces where one is not long enough', () => {
    const length = 5_000_000;
    const mask = dropoutMask(length, 0.5, new RandomStream(2));
    expect(mask).toHaveLength(length);
    const tail = mask.subarray(length - 100_000);
    expect(tail.reduce((sum, value) => sum + value, 0) / tail.length).toBeCloseTo(0.5, 1);
  });
});
