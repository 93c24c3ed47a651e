import type { RowBits } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';

/** How the rows that a filter allows lie: anywhere, or all on the side of the space that is opposite to the queries. */
export type FilterShape = 'random' | 'far';

export interface DrawnFilter {
  /** Ascending. */
  readonly rows: Int32Array;
  readonly bits: RowBits;
  /** The queries to ask with it. */
  readonly queries: readonly Float32Array[];
}

export interface Matrices {
  readonly dim: number;
  /** `[rows, dim]` */
  readonly items: Float32Array;
  /** `[queries, dim]` */
  readonly queries: Float32Array;
}

/**
 * @param share of the rows, in (0, 1]
 * @param asked how many queries to choose
 */
export function drawFilter(shape: FilterShape, share: number, asked: number, matrices: Matrices): DrawnFilter {
  const { dim, items, queries } = matrices;
  const random = new RandomStream(11, `filter ${shape} ${share}`);
  const direction = Float32Array.from({ length: dim }, () => random.normal());
  const rowKeys =
    shape === 'far'
      ? products(items, dim, direction)
      : Float32Array.from({ length: items.length / dim }, () => random.uniform());
  const count = Math.max(1, Math.round(rowKeys.length * share));
  const rows = byKey(rowKeys)
    .subarray(rowKeys.length - count)
    .slice()
    .sort();
  const queryKeys = products(queries, dim, direction);
  const chosen = byKey(queryKeys).subarray(0, asked);
  return {
    rows,
    bits: bitsOf(rows, rowKeys.length),
    queries: Array.from(chosen, (row) => queries.slice(row * dim, (row + 1) * dim)),
  };
}

/** `[rows.length, dim]` */
export function subsetOf(items: Float32Array, dim: number, rows: Int32Array): Float32Array {
  const subset = new Float32Array(rows.length * dim);
  rows.forEach((row, place) => {
    subset.set(items.subarray(row * dim, (row + 1) * dim), place * dim);
  });
  return subset;
}

function bitsOf(rows: Int32Array, rowCount: number): RowBits {
  const words = new Uint32Array(Math.ceil(rowCount / 32));
  for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
  return { words, rowCount, size: rows.length };
}

/** Places in ascending order of their keys. */
function byKey(keys: Float32Array): Int32Array {
  return Int32Array.from(keys, (_, place) => place).sort((a, b) => keys[a] - keys[b]);
}

function products(matrix: Float32Array, dim: number, direction: Float32Array): Float32Array {
  return Float32Array.from({ length: matrix.length / dim }, (_, row) => {
    let sum = 0;
    let squares = 0;
    for (let d = 0; d < dim; d++) {
      const value = matrix[row * dim + d];
      sum += value * direction[d];
      squares += value * value;
    }
    return sum / Math.sqrt(squares);
  });
}
