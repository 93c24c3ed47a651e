export { ExactIndex } from './exact/exact-index';
export { HnswIndex, type BuildOptions } from './hnsw/hnsw-index';
export { measureRecall } from './measure-recall';
export type { SearchOptions, SearchResult, Space, VectorIndex } from './vector-index';
