import { join } from 'node:path';
import type { AttributeTableParts } from '@vector-recall/item-catalogue';
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
  /** Whether the weights of the item tower are read too. */
  readonly itemTower: boolean;
}

/** What a thread has verified and read, as plain data whose arrays lie in shared memory. */
export interface LoadedArtifact {
  readonly version: string;
  readonly folder: string;
  /** Those that the manifest lists, and no other is opened. */
  readonly files: readonly string[];
  readonly catalogue: CatalogueParts;
  readonly attributes: AttributeTableParts;
  readonly popularity: PopularityRanks;
  /** Absent where the artifact holds vectors alone, of a model that is not ours. */
  readonly users?: {
    readonly towers: StoredTowers;
    /** `[users, dim]` */
    readonly vectors: NpyArray<'float32'>;
    /** `[items, dim]`, where the user tower reads histories through them. */
    readonly itemVectors?: NpyArray<'float32'>;
  };
}

/**
 * Verifies and reads an artifact on a thread that ends with it: checksums, lines of JSON and look-up tables of a million
 * ids would hold up the event loop of a server that answers meanwhile.
 *
 * @param signal ends the thread
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, WeightFileError
 */
export async function loadOnThread(request: LoadRequest, signal?: AbortSignal): Promise<LoadedArtifact> {
  const errors = [ArtifactFileError, NoCurrentVersionError, CatalogueError, WeightFileError];
  const thread = new Thread<LoadRequest, LoadedArtifact>(join(__dirname, 'load-thread'), errors);
  const end = (): void => void thread.end();
  signal?.addEventListener('abort', end);
  try {
    return await thread.call(request);
  } finally {
    signal?.removeEventListener('abort', end);
    await thread.end();
  }
}
