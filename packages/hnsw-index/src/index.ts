export type { Cancellation } from './cancellation';
export type { ConcurrentIndex, IndexQuery } from './concurrent-index';
export type {
  CandidateIndex,
  CandidateResult,
  IndexSnapshot,
  ItemVector,
  SnapshotVectors,
} from './contract/candidate-index';
export { FixedCandidates } from './contract/fixed-candidates';
export { directionOf, writeDirections } from './diversity/directions';
export { selectDiverse, type DiverseCandidates } from './diversity/select-diverse';
export { IndexArgumentError, IndexEngineError, IndexFileError, IndexThreadError, type IndexFileFault } from './errors';
export { ExactBlock } from './exact/exact-block';
export { ExactIndex } from './exact/exact-index';
export { multiplyRows } from './exact/multiply-rows';
export { RecallSweep, type SweptSearch } from './exact/recall-sweep';
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
export type { IndexMemory, KeepFloat32, Precision } from './native/engine-options';
export type { EngineQuery, RowFilter } from './native/engine-search';
export { SharedCopy, type SharedFile } from './native/shared-file';
export { returnFreedMemory } from './native/return-freed-memory';
export { WorkerIndex, type WorkerIndexOptions } from './threads/worker-index';
export type { RowBits, RowSet, SearchOptions, SearchPlan, SearchResult, Space, VectorIndex } from './vector-index';
export { CallerThreadIndex } from './caller-thread-index';
export { checkMatrix } from './validate';
export { chooseEngine, type EngineChoice, type EngineName } from './search-index/choose-engine';
export { openSearchIndex, type OpenedIndex, type OpenSearchIndexOptions } from './search-index/open-search-index';
export { SearchIndex, servingFile, type SearchIndexOptions } from './search-index/search-index';
export { NeighbourSample, type RecallOptions, type SampleRecall } from './tuning/neighbour-sample';
export { recallAt, tuneSearch, type SearchLimit, type SearchTuning, type TuneOptions } from './tuning/tune-search';
