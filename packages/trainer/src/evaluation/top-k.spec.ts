import { RandomStream } from '@vector-recall/random';
import { TopK } from './top-k';

describe('TopK', () => {
  it('agrees with a full sort, ties by column, on rows with many ties', () => {
    const random = new RandomStream(3);
    const topK = new TopK(25);
    for (let trial = 0; trial < 50; trial++) {
      const row = Float32Array.from({ length: 200 }, () => random.integer(40));
      const sorted = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b).slice(0, 25);
      expect([...topK.select(row, 0, row.length)]).toEqual(sorted);
    }
  });

  it('leaves out what is masked, and returns fewer when there are fewer', () => {
    const row = Float32Array.of(99, -Infinity, 2, 3, -Infinity);
    expect([...new TopK(3).select(row, 1, 4)]).toEqual([2, 1]);
  });
});
