export type { ConcurrentIndex, IndexQuery } from './concurrent-index';
export { IndexArgumentError, IndexEngineError, IndexFileError, type IndexFileFault } from './errors';
export { ExactIndex } from './exact/exact-index';
export type { BuildOptions } from './hnsw/build-graph';
export { HnswIndex } from './hnsw/hnsw-index';
export { measureRecall } from './measure-recall';
export type { SearchOptions, SearchResult, Space, VectorIndex } from './vector-index';
