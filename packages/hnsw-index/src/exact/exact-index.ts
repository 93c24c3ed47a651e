import type { SearchOptions, SearchResult, Space, VectorIndex } from '../vector-index';

export declare class ExactIndex implements VectorIndex {
  constructor(vectors: Float32Array, dim: number, space?: Space);
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly isExact: true;
  search(query: Float32Array, k: number, options?: SearchOptions): SearchResult;
  searchBatch(queries: Float32Array, k: number, options?: SearchOptions): SearchResult[];
}
