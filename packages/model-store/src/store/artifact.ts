import type { Manifest } from '../manifest/manifest';

/** A published version whose files have been checked against its manifest. */
export interface Artifact {
  readonly version: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Whether the manifest lists a file. */
  readonly has: (file: string) => boolean;
  /**
   * The path of a file.
   * @throws ArtifactFileMissingError where the manifest does not list it
   */
  path(file: string): string;
}

/** A folder to write an artifact into. Nobody reads it until it is published. */
export interface StagedArtifact {
  readonly version: string;
  readonly folder: string;
  /** Deletes the folder; for a run that failed. */
  discard(): Promise<void>;
}

/** A version as it lies in the store, whole or not. */
export interface StoredVersion {
  readonly version: string;
  readonly isCurrent: boolean;
  /** Absent when the manifest can't be read; then `problem` says why. */
  readonly manifest?: Manifest;
  readonly problem?: string;
}
