export { artifactFiles } from './artifact-files';
export type {
  Catalogue,
  Categories,
  FeatureColumns,
  FeatureScaling,
  Histories,
  IdColumn,
  Tags,
} from './catalogue/catalogue';
export { readCatalogue } from './catalogue/read-catalogue';
export { writeCatalogue } from './catalogue/write-catalogue';
export type { Manifest, ManifestFields } from './manifest/manifest';
export { readNpy, writeNpy, type NpyType } from './npy/npy';
export type { Artifact, StagedArtifact, StoredVersion } from './store/artifact';
export { ModelStore, openArtifact } from './store/model-store';
