export {
  buildVectorIndex,
  type BuildOptions,
  type BuildRequest,
  type BuiltArtifact,
  type VectorIndexReport,
} from './build/build-vector-index';
export { OwnVectorsError } from './errors';
export type { BuildEvent, BuildObserver } from './observer';
export { searchVectors, type SearchReport, type SearchRequest } from './search/search-vectors';
