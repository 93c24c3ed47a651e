export { artifactFiles } from './artifact-files';
export { bucketLocationOf, localFolderOf } from './bucket/location';
export type { Catalogue, Histories, IdColumn, TextColumn } from './catalogue/catalogue';
export { putTogether, takeApart, type CatalogueParts, type StoredCatalogue } from './catalogue/catalogue-parts';
export { describeItem, type ItemDescription } from './catalogue/describe-item';
export { fieldFile } from './catalogue/field-files';
export {
  numbersOf,
  type CatalogueField,
  type ContextField,
  type FeatureScaling,
  type LabelField,
  type NumbersField,
  type PathField,
  type TagsField,
  type TextField,
  type VectorsField,
} from './catalogue/fields';
export { IdTable } from './catalogue/id-table';
export { readCatalogue } from './catalogue/read-catalogue';
export { writeCatalogue } from './catalogue/write-catalogue';
export {
  ArtifactFileError,
  BucketError,
  CatalogueError,
  NoCurrentVersionError,
  NoPreviousVersionError,
  PublishError,
  UnknownVersionError,
  VersionsNotComparableError,
  unreadable,
  type FileFault,
} from './errors';
export type { Manifest, ManifestFields, ManifestProtocol } from './manifest/manifest';
export type { NpyType } from './npy/npy-format';
export { readVersionedJson } from './read-json';
export { NpyRows } from './npy/npy-rows';
export { NpyWriter, writeNpy } from './npy/npy-writer';
export { readFloats, readIntegers } from './npy/read-floats';
export { readNpy, type NpyArray } from './npy/read-npy';
export type { Artifact, StagedArtifact, StoredVersion } from './store/artifact';
export { compareVersions, type MetricComparison } from './store/compare-versions';
export { ModelStore, type StoreOptions } from './store/model-store';
export { openArtifact } from './store/open-artifact';

// What live-index needs to tell whether a writer lives.
export { isErrno } from './store/files';
export { currentOwner, formatOwner, parseOwner, stateOf } from './store/owner';
export { readManifest } from './store/open-version';
