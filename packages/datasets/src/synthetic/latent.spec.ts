import { RandomStream } from '@vector-recall/random';
import { dot, LATENT_DIM, nearest, randomDirections } from './latent';

describe('nearest', () => {
  it('agrees with sorting all', () => {
    const vectors = randomDirections(200, new RandomStream(3));
    for (let query = 0; query < 20; query++) {
      const sorted = Array.from({ length: 200 }, (_, row) => row).sort(
        (a, b) => dot(vectors, query, vectors, b) - dot(vectors, query, vectors, a),
      );
      expect([...nearest(vectors, query, vectors, 7)]).toEqual(sorted.slice(0, 7));
    }
  });

  it('gives all where there are fewer than asked for', () => {
    const vectors = randomDirections(3, new RandomStream(3));
    expect([...nearest(vectors, 1, vectors, 8)].sort()).toEqual([0, 1, 2]);
  });
});

describe('randomDirections', () => {
  it('has length one', () => {
    const vectors = randomDirections(5, new RandomStream(4));
    expect(vectors).toHaveLength(5 * LATENT_DIM);
    for (let row = 0; row < 5; row++) expect(dot(vectors, row, vectors, row)).toBeCloseTo(1, 12);
  });
});
