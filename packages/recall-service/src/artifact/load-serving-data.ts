import { HnswIndex, type VectorIndex } from '@vector-recall/hnsw-index';
import { artifactFiles, openArtifact, readCatalogue, readNpy, type Catalogue } from '@vector-recall/model-store';
import { ArtifactMismatchError } from '../errors';

/** What every answer is made from. The towers are loaded when the first request needs them. */
export interface ServingData {
  readonly version: string;
  readonly folder: string;
  readonly catalogue: Catalogue;
  /** `[users, dim]` */
  readonly userVectors: Float32Array;
  readonly index: VectorIndex;
}

/**
 * @param path root of a store, or folder of a version
 * @throws ArtifactFileError, NoCurrentVersionError, CatalogueError, IndexFileError, ArtifactMismatchError
 */
export async function loadServingData(path: string): Promise<ServingData> {
  const artifact = await openArtifact(path);
  const { version, folder } = artifact;
  // Files that serving reads by folder must be among those that were verified.
  for (const file of [artifactFiles.index, artifactFiles.indexMeta, artifactFiles.towers]) artifact.path(file);
  const userFile = artifact.path(artifactFiles.userVectors);
  const catalogue = await readCatalogue(artifact);
  const index = await HnswIndex.load(folder);
  const { shape, values: userVectors } = await readNpy(userFile, 'float32');
  const users = catalogue.userIds.size;
  if (shape.length !== 2 || shape[0] !== users || shape[1] !== index.dim) {
    throw new ArtifactMismatchError(
      userFile,
      `${userFile} has the shape [${shape.join(', ')}], but there are ${users} users and the index has ${index.dim} ` +
        'dimensions; train and publish again.',
    );
  }
  if (index.size !== catalogue.itemIds.size) {
    const indexFile = artifact.path(artifactFiles.index);
    throw new ArtifactMismatchError(
      indexFile,
      `${indexFile} holds ${index.size} items, but the catalogue has ${catalogue.itemIds.size}; build the index again.`,
    );
  }
  return { version, folder, catalogue, userVectors, index };
}
