import { RandomStream } from '@vector-recall/random';
import fc from 'fast-check';
import { drawActivity } from './activity';

describe('drawActivity', () => {
  it('shares out everything and gives no one more than they may have', () => {
    const sizes = fc.record({ users: fc.integer({ min: 1, max: 60 }), most: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), ({ users, most }, fill, seed) => {
        const total = Math.round(fill * users * most);
        const counts = drawActivity(users, total, most, new RandomStream(seed));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
        expect(counts.every((count) => count >= Math.min(5, most, Math.floor(total / users)) && count <= most)).toBe(
          true,
        );
      }),
    );
  });
});
