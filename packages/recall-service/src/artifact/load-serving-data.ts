import { join } from 'node:path';
import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import { artifactFiles, NpyRows, putTogether, type Catalogue } from '@vector-recall/model-store';
import { ServingUserTower } from '@vector-recall/towers/serving';
import { ArtifactMismatchError } from '../errors';
import { PopularityRanking } from '../popularity';
import { loadOnThread } from './loaded-artifact';
import { openConcurrentIndex, type SearchEngineOptions } from './open-concurrent-index';
import { towerInputs } from './tower-inputs';

/** How users become vectors. */
export interface UserSide {
  /** `[users, dim]` */
  readonly vectors: Float32Array;
  readonly tower: ServingUserTower;
}

/** What every answer is made from. */
export interface ServingData {
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly popularity: PopularityRanking;
  /** Absent where the artifact holds vectors alone. */
  readonly users?: UserSide;
  /** `[items, dim]`, on the disk: only requests for similar items read them. */
  readonly itemVectors: NpyRows;
  readonly index: ConcurrentIndex;
}

/**
 * Loads an artifact while the event loop goes on answering.
 *
 * @param path root of a store, or folder of a version
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, WeightFileError,
 * ArtifactMismatchError
 */
export async function loadServingData(path: string, engine: SearchEngineOptions): Promise<ServingData> {
  const { version, folder, users, ...loaded } = await loadOnThread({ path });
  const catalogue = putTogether(loaded.catalogue);
  const popularity = new PopularityRanking(loaded.popularity);
  const itemVectors = await NpyRows.open(join(folder, artifactFiles.itemVectors));
  try {
    const { index } = await openConcurrentIndex(folder, engine);
    checkItems(folder, catalogue, index, itemVectors);
    if (users !== undefined) checkUsers(folder, catalogue, index, users.vectors.shape);
    const userSide = users && {
      vectors: users.vectors.values,
      tower: new ServingUserTower(users.towers, towerInputs(catalogue)),
    };
    return { version, catalogue, popularity, users: userSide, itemVectors, index };
  } catch (error) {
    await itemVectors.close();
    throw error;
  }
}

function checkItems(folder: string, { itemIds }: Catalogue, index: ConcurrentIndex, itemVectors: NpyRows): void {
  const items = itemIds.size;
  if (index.size !== items) {
    const file = join(folder, artifactFiles.index);
    throw new ArtifactMismatchError(
      file,
      `${file} holds ${index.size} items, but the catalogue has ${items}; build the index again.`,
    );
  }
  checkShape(join(folder, artifactFiles.itemVectors), itemVectors.shape, items, 'items', index.dim);
}

function checkUsers(
  folder: string,
  { userIds }: Catalogue,
  { dim }: ConcurrentIndex,
  userShape: readonly number[],
): void {
  checkShape(join(folder, artifactFiles.userVectors), userShape, userIds.size, 'users', dim);
}

function checkShape(file: string, shape: readonly number[], rows: number, of: string, dim: number): void {
  if (shape.length === 2 && shape[0] === rows && shape[1] === dim) return;
  throw new ArtifactMismatchError(
    file,
    `${file} has the shape [${shape.join(', ')}], but there are ${rows} ${of} and the index has ${dim} ` +
      'dimensions; train and publish again.',
  );
}
