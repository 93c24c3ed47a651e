export type { ConcurrentIndex, IndexQuery } from './concurrent-index';
export { IndexArgumentError, IndexEngineError, IndexFileError, IndexThreadError, type IndexFileFault } from './errors';
export { ExactIndex } from './exact/exact-index';
export type { BuildOptions } from './hnsw/build-graph';
export { HnswIndex } from './hnsw/hnsw-index';
export { measureRecall } from './measure-recall';
export { WorkerIndex, type WorkerIndexOptions } from './threads/worker-index';
export type { RowSet, SearchOptions, SearchResult, Space, VectorIndex } from './vector-index';
