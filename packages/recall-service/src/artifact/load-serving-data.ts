import { join } from 'node:path';
import { FixedCandidates, type CandidateIndex, type ConcurrentIndex } from '@vector-recall/hnsw-index';
import { AttributeTable } from '@vector-recall/item-catalogue';
import type { ChangeSource, LiveIndexEvent } from '@vector-recall/live-index';
import { artifactFiles, NpyRows, putTogether, type Catalogue } from '@vector-recall/model-store';
import { ServingItemTower, ServingUserTower, type StoredTowers } from '@vector-recall/towers/serving';
import { ArtifactMismatchError } from '../errors';
import { ItemEncoder } from '../live/item-encoder';
import { LiveCatalogue } from '../live/live-catalogue';
import type { LiveRecallOptions } from '../live-recall/recall-events';
import { RecallMonitor } from '../live-recall/recall-monitor';
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
  /** Of the items, by row. */
  readonly attributes: AttributeTable;
  readonly popularity: PopularityRanking;
  /** Absent where the artifact holds vectors alone. */
  readonly users?: UserSide;
  /** `[items, dim]`, on the disk: only requests for similar items read them. */
  readonly itemVectors: NpyRows;
  readonly candidates: CandidateIndex;
  /** Items that the artifact holds. */
  readonly storedItems: number;
  /** Absent where the catalogue does not change while it is served. */
  readonly live?: LiveCatalogue;
  /** Absent where no searches are checked. */
  readonly monitor?: RecallMonitor;
}

export interface LoadOptions extends SearchEngineOptions {
  /** Ends the loading. */
  readonly signal?: AbortSignal;
  /** Changes to items and users since the training; without it the catalogue is as it was trained. */
  readonly live?: LiveOptions;
  /** Checks a sample of the searches against every item; default: none. */
  readonly liveRecall?: LiveRecallOptions;
}

export interface LiveOptions {
  readonly source: ChangeSource;
  readonly onEvent?: (event: LiveIndexEvent) => void;
}

/**
 * Loads an artifact while the event loop goes on answering.
 *
 * @param path root of a store, or folder of a version
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, WeightFileError,
 * ArtifactMismatchError
 */
export async function loadServingData(path: string, options: LoadOptions): Promise<ServingData> {
  const { signal, live, liveRecall, ...engine } = options;
  const request = { path, itemTower: live !== undefined };
  const { version, folder, files, users, ...loaded } = await loadOnThread(request, signal);
  const catalogue = putTogether(loaded.catalogue);
  const attributes = AttributeTable.fromParts(loaded.attributes);
  const popularity = new PopularityRanking(loaded.popularity);
  const vectorFile = join(folder, artifactFiles.itemVectors);
  const itemVectors = await NpyRows.open(vectorFile);
  let monitor: RecallMonitor | undefined;
  try {
    const { index } = await openConcurrentIndex({ folder, has: (file) => files.includes(file) }, engine);
    checkItems(folder, catalogue, index, itemVectors);
    if (users !== undefined) checkUsers(folder, catalogue, index, users.vectors.shape);
    const userSide = users && {
      vectors: users.vectors.values,
      tower: new ServingUserTower(users.towers, towerInputs(catalogue), users.itemVectors?.values),
    };
    monitor = liveRecall && (await RecallMonitor.open(vectorFile, index.space, liveRecall));
    const common = {
      monitor,
      version,
      catalogue,
      attributes,
      popularity,
      users: userSide,
      itemVectors,
      storedItems: index.size,
    };
    const baseVector = (row: number): Promise<Float32Array> => itemVectors.read(row);
    if (live === undefined) return { ...common, candidates: new FixedCandidates(index, baseVector) };
    const changing = await LiveCatalogue.open({
      ...live,
      catalogue,
      attributes,
      index,
      baseVector,
      readBaseVectors: (first, into) => itemVectors.readBlock(first, into),
      encoder: users && encoderOf(users.towers, catalogue),
    });
    // Rows of items that came later stand behind those of the training.
    return {
      ...common,
      catalogue: { ...catalogue, itemIds: changing.ids },
      candidates: changing.index,
      live: changing,
    };
  } catch (error) {
    await monitor?.close();
    await itemVectors.close();
    throw error;
  }
}

function encoderOf(towers: StoredTowers, catalogue: Catalogue): ItemEncoder {
  return new ItemEncoder(catalogue, new ServingItemTower(towers, towerInputs(catalogue).items));
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
