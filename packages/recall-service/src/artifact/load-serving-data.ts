import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import {
  artifactFiles,
  NpyRows,
  openArtifact,
  readCatalogue,
  readNpy,
  type Catalogue,
} from '@vector-recall/model-store';
import { ServingUserTower } from '@vector-recall/towers/serving';
import { ArtifactMismatchError } from '../errors';
import { towerInputs } from './tower-inputs';
import { openConcurrentIndex, type SearchEngineOptions } from './open-concurrent-index';

/** What every answer is made from. */
export interface ServingData {
  readonly version: string;
  readonly catalogue: Catalogue;
  /** `[users, dim]` */
  readonly userVectors: Float32Array;
  /** `[items, dim]`, on the disk: only requests for similar items read them. */
  readonly itemVectors: NpyRows;
  readonly tower: ServingUserTower;
  readonly index: ConcurrentIndex;
}

/**
 * @param path root of a store, or folder of a version
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, WeightFileError,
 * ArtifactMismatchError
 */
export async function loadServingData(path: string, engine: SearchEngineOptions): Promise<ServingData> {
  const artifact = await openArtifact(path);
  const { version, folder } = artifact;
  // Files that serving reads by folder must be among those that were verified.
  for (const file of [artifactFiles.index, artifactFiles.indexMeta, artifactFiles.towers]) artifact.path(file);
  const userFile = artifact.path(artifactFiles.userVectors);
  const itemFile = artifact.path(artifactFiles.itemVectors);
  const catalogue = await readCatalogue(artifact);
  const index = await openConcurrentIndex(folder, engine);
  const { shape, values: userVectors } = await readNpy(userFile, 'float32');
  const users = catalogue.userIds.size;
  const items = catalogue.itemIds.size;
  if (index.size !== items) {
    const indexFile = artifact.path(artifactFiles.index);
    throw new ArtifactMismatchError(
      indexFile,
      `${indexFile} holds ${index.size} items, but the catalogue has ${items}; build the index again.`,
    );
  }
  checkShape(userFile, shape, users, 'users', index.dim);
  const itemVectors = await NpyRows.open(itemFile);
  checkShape(itemFile, itemVectors.shape, items, 'items', index.dim);
  const tower = await ServingUserTower.load(folder, towerInputs(catalogue));
  return { version, catalogue, userVectors, itemVectors, tower, index };
}

function checkShape(file: string, shape: readonly number[], rows: number, of: string, dim: number): void {
  if (shape.length === 2 && shape[0] === rows && shape[1] === dim) return;
  throw new ArtifactMismatchError(
    file,
    `${file} has the shape [${shape.join(', ')}], but there are ${rows} ${of} and the index has ${dim} ` +
      'dimensions; train and publish again.',
  );
}
