import type { IndexQuery } from '../concurrent-index';
import type { SearchResult, Space } from '../vector-index';

/** What the first call opens, and later ones ask. */
export type ThreadRequest = { readonly folder: string } | PackedQueries;

export type ThreadResponse = IndexFacts | PackedResults;

export interface IndexFacts {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly efSearch: number;
}

/**
 * Queries in two arrays of their own, so that they are handed over whole: a view of a large matrix would take all of it
 * along.
 */
export interface PackedQueries {
  readonly queries: readonly { readonly k: number; readonly efSearch?: number; readonly excluded: number }[];
  /** `[queries, dim]` */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** The excluded rows of the first query, of the second and so on. */
  readonly exclude: Int32Array<ArrayBuffer>;
}

/** Labels, then scores, of the first result, of the second and so on, 4 bytes each. */
export interface PackedResults {
  readonly counts: readonly number[];
  readonly buffer: ArrayBuffer;
}

export function packQueries(queries: readonly IndexQuery[], dim: number): PackedQueries {
  const vectors = new Float32Array(queries.length * dim);
  const exclude = new Int32Array(queries.reduce((sum, query) => sum + (query.exclude?.length ?? 0), 0));
  let filled = 0;
  const heads = queries.map(({ vector, k, efSearch, exclude: rows }, i) => {
    vectors.set(vector, i * dim);
    if (rows !== undefined) exclude.set(rows, filled);
    filled += rows?.length ?? 0;
    return { k, efSearch, excluded: rows?.length ?? 0 };
  });
  return { queries: heads, vectors, exclude };
}

export function packResults(results: readonly SearchResult[]): PackedResults {
  const counts = results.map(({ labels }) => labels.length);
  const buffer = new ArrayBuffer(8 * counts.reduce((sum, count) => sum + count, 0));
  let start = 0;
  for (const { labels, scores } of results) {
    new Int32Array(buffer, start, labels.length).set(labels);
    new Float32Array(buffer, start + 4 * labels.length, scores.length).set(scores);
    start += 8 * labels.length;
  }
  return { counts, buffer };
}

export function unpackResults({ counts, buffer }: PackedResults): SearchResult[] {
  let start = 0;
  return counts.map((count) => {
    const labels = new Int32Array(buffer, start, count);
    const scores = new Float32Array(buffer, start + 4 * count, count);
    start += 8 * count;
    return { labels, scores };
  });
}
