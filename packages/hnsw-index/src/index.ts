export type { Cancellation } from './cancellation';
export type { ConcurrentIndex, IndexQuery } from './concurrent-index';
export { IndexArgumentError, IndexEngineError, IndexFileError, IndexThreadError, type IndexFileFault } from './errors';
export { ExactIndex } from './exact/exact-index';
export { rankRows, type RankedRows, type ScoreRows } from './exact/rank-rows';
export type { BuildOptions } from './hnsw/build-graph';
export { HnswIndex } from './hnsw/hnsw-index';
export { measureRecall } from './measure-recall';
export { EngineGraph, type EngineBuildOptions } from './native/engine-graph';
export {
  EngineIndex,
  instructionSets,
  type EngineInfo,
  type IndexMakingOptions,
  type OpenOptions,
} from './native/engine-index';
export type { EngineQuery, RowFilter } from './native/engine-search';
export { returnFreedMemory } from './native/return-freed-memory';
export { WorkerIndex, type WorkerIndexOptions } from './threads/worker-index';
export type { RowSet, SearchOptions, SearchResult, Space, VectorIndex } from './vector-index';
export { CallerThreadIndex } from './caller-thread-index';
export { checkMatrix } from './validate';
export { chooseEngine, type EngineChoice, type EngineName } from './search-index/choose-engine';
export { openSearchIndex, type OpenedIndex, type OpenSearchIndexOptions } from './search-index/open-search-index';
export { SearchIndex, servingFile, type SearchIndexOptions } from './search-index/search-index';
export { NeighbourSample, type RecallOptions, type SampleRecall } from './tuning/neighbour-sample';
export { recallAt, tuneSearch, type SearchTuning, type TuneOptions } from './tuning/tune-search';
