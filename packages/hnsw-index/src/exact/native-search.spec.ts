import { findAddon } from '../native/addon';
import { clusteredVectors } from '../testing/clustered-vectors';
import { squaredNorm } from '../validate';
import type { Space } from '../vector-index';
import { ExactIndex } from './exact-index';
import { searchNatively } from './native-search';

const addon = findAddon();
if (!addon) throw new Error('The native engine is not built; run `nx run hnsw-index:engine`.');

/** Every tile has a rest: rows, queries and dimensions are no multiples of four, eight or sixteen. */
const shapes: [rows: number, dim: number, queries: number][] = [
  [2503, 13, 11],
  [1001, 128, 37],
  [3, 2, 1],
  [70, 401, 5],
];

describe.each(addon.listKernels())('exact search on %s', (instructions) => {
  describe.each<Space>(['cosine', 'ip', 'l2'])('under %s', (space) => {
    it.each(shapes)('finds what the portable kernels find among %i rows of %i for %i queries', (size, dim, count) => {
      const vectors = clusteredVectors(size, dim, 1);
      // Rows that occur twice tie.
      vectors.copyWithin(dim, 0, dim);
      const queries = clusteredVectors(count, dim, 2);
      const inverseNorms = Float64Array.from(
        { length: size },
        (_, i) => 1 / Math.sqrt(squaredNorm(vectors, i * dim, dim)),
      );
      const rows = { vectors, dim, size, space, inverseNorms };
      const portable = new ExactIndex(vectors, dim, space, { native: false });
      for (const k of [1, Math.min(50, size), size]) {
        expect(searchNatively(addon, rows, queries, k, undefined, instructions)).toEqual(
          portable.searchBatch(queries, k),
        );
      }
      const exclude = new Set([0, 1, 2, 40]);
      expect(searchNatively(addon, rows, queries, 20, exclude, instructions)).toEqual(
        portable.searchBatch(queries, 20, { exclude }),
      );
    });
  });

  it('takes vectors whose squares are beyond single precision', () => {
    const vectors = Float32Array.of(1e-30, 0, 1e30, 1e30, 1e30, -1e30, -1e-40, 1e-40);
    const queries = Float32Array.of(1e-20, 0, 1e20, 1e20, 1e30, 1e29);
    for (const space of ['cosine', 'ip', 'l2'] as const) {
      const inverseNorms = Float64Array.from({ length: 4 }, (_, i) => 1 / Math.sqrt(squaredNorm(vectors, i * 2, 2)));
      const rows = { vectors, dim: 2, size: 4, space, inverseNorms };
      const portable = new ExactIndex(vectors, 2, space, { native: false });
      for (const k of [1, 2, 4]) {
        expect(searchNatively(addon, rows, queries, k, undefined, instructions)).toEqual(
          portable.searchBatch(queries, k),
        );
      }
    }
  });
});
