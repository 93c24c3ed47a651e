import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '../backend/select-backend';
import { backendCases } from '../testing/backend-cases';
import { dropoutMask } from './dropout-mask';

function entries(shape: [number, number], rate: number, random: RandomStream): number[] {
  const mask = dropoutMask(shape, rate, random);
  const values = Array.from(mask.dataSync());
  mask.dispose();
  return values;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const { name: backend, available } of backendCases) {
  (available ? describe : describe.skip)(`dropoutMask on ${backend}`, () => {
    beforeAll(async () => {
      await selectBackend(backend);
    });

    it('drops the asked share of entries and holds zeros and ones only', () => {
      const mask = entries([1000, 100], 0.3, new RandomStream(1));
      expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
      // Five standard deviations of a share of 0.7 over 100,000 draws.
      expect(Math.abs(mean(mask) - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 100_000));
    });

    it('follows the stream: another draw is another mask, the same state the same one', () => {
      const random = new RandomStream(1);
      const first = entries([16, 16], 0.5, random);
      expect(entries([16, 16], 0.5, random)).not.toEqual(first);
      expect(entries([16, 16], 0.5, new RandomStream(1))).toEqual(first);
      // The same on every backend, whatever its type there.
      expect(first.slice(0, 12).join('')).toBe('010111110001');
    });

    it('joins pieces where one is not long enough', () => {
      const mask = entries([5000, 1000], 0.5, new RandomStream(2));
      expect(mask).toHaveLength(5_000_000);
      expect(mean(mask.slice(-100_000))).toBeCloseTo(0.5, 1);
    });
  });
}
