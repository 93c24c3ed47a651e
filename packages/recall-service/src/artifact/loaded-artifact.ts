import { join } from 'node:path';
import {
  ArtifactFileError,
  CatalogueError,
  NoCurrentVersionError,
  type CatalogueParts,
  type NpyArray,
} from '@vector-recall/model-store';
import { Thread } from '@vector-recall/threads';
import { WeightFileError, type StoredTowers } from '@vector-recall/towers/serving';
import type { PopularityRanks } from '../popularity';

/** Root of a store, or folder of a version. */
export interface LoadRequest {
  readonly path: string;
}

/** What a thread has verified and read, as plain data whose arrays lie in shared memory. */
export interface LoadedArtifact {
  readonly version: string;
  readonly folder: string;
  readonly catalogue: CatalogueParts;
  readonly popularity: PopularityRanks;
  /** Absent where the artifact holds vectors alone, of a model that is not ours. */
  readonly users?: {
    readonly towers: StoredTowers;
    /** `[users, dim]` */
    readonly vectors: NpyArray<'float32'>;
  };
}

/**
 * Verifies and reads an artifact on a thread that ends with it: checksums, lines of JSON and look-up tables of a million
 * ids would hold up the event loop of a server that answers meanwhile.
 *
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, WeightFileError
 */
export async function loadOnThread(request: LoadRequest): Promise<LoadedArtifact> {
  const errors = [ArtifactFileError, NoCurrentVersionError, CatalogueError, WeightFileError];
  const thread = new Thread<LoadRequest, LoadedArtifact>(join(__dirname, 'load-thread'), errors);
  try {
    return await thread.call(request);
  } finally {
    await thread.end();
  }
}
