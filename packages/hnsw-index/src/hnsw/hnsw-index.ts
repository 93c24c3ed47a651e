import type { HnswConfig } from '@vector-recall/core-config';
import type { SearchOptions, SearchResult, Space, VectorIndex } from '../vector-index';

export interface BuildOptions {
  readonly config: Omit<HnswConfig, 'preset'>;
  /** Default `cosine`. */
  readonly space?: Space;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export declare class HnswIndex implements VectorIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly isExact: false;
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
  readonly memoryBytes: number;
  static build(vectors: Float32Array, dim: number, options: BuildOptions): Promise<HnswIndex>;
  static load(folder: string): Promise<HnswIndex>;
  save(folder: string): Promise<void>;
  search(query: Float32Array, k: number, options?: SearchOptions): SearchResult;
  searchBatch(queries: Float32Array, k: number, options?: SearchOptions): SearchResult[];
}
