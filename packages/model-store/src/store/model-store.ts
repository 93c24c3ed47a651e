import type { Manifest, ManifestFields } from '../manifest/manifest';
import type { Artifact, StagedArtifact, StoredVersion } from './artifact';

export declare class ModelStore {
  constructor(root: string);
  readonly root: string;
  stage(): Promise<StagedArtifact>;
  publish(staged: StagedArtifact, fields: ManifestFields, options?: { readonly promote?: boolean }): Promise<Manifest>;
  promote(version: string): Promise<void>;
  rollback(): Promise<string>;
  list(): Promise<StoredVersion[]>;
  open(version?: string): Promise<Artifact>;
}

/** Opens an artifact given the root of a store (its current version) or the folder of one version. */
export declare function openArtifact(path: string): Promise<Artifact>;
