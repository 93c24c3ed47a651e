export { artifactFiles } from './artifact-files';
export type {
  Catalogue,
  Categories,
  FeatureColumns,
  FeatureScaling,
  Histories,
  IdColumn,
  Tags,
  TextColumn,
} from './catalogue/catalogue';
export { putTogether, takeApart, type CatalogueParts, type StoredCatalogue } from './catalogue/catalogue-parts';
export { IdTable } from './catalogue/id-table';
export { readCatalogue } from './catalogue/read-catalogue';
export { writeCatalogue } from './catalogue/write-catalogue';
export {
  ArtifactFileError,
  CatalogueError,
  NoCurrentVersionError,
  NoPreviousVersionError,
  PublishError,
  UnknownVersionError,
  unreadable,
  type FileFault,
} from './errors';
export type { Manifest, ManifestFields } from './manifest/manifest';
export type { NpyType } from './npy/npy-format';
export { NpyRows } from './npy/npy-rows';
export { NpyWriter, writeNpy } from './npy/npy-writer';
export { readFloats, readIntegers } from './npy/read-floats';
export { readNpy, type NpyArray } from './npy/read-npy';
export type { Artifact, StagedArtifact, StoredVersion } from './store/artifact';
export { ModelStore, type StoreOptions } from './store/model-store';
export { openArtifact } from './store/open-artifact';
export { readManifest } from './store/open-version';
