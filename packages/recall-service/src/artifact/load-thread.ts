import { readAttributes } from '@vector-recall/item-catalogue';
import { readCatalogue, readNpy, takeApart, artifactFiles, openArtifact } from '@vector-recall/model-store';
import { answerCalls, sharedCopy, type Answer } from '@vector-recall/threads';
import { readsItemVectors, readServingTowers } from '@vector-recall/towers/serving';
import { rankByPopularity } from '../popularity';
import type { LoadedArtifact, LoadRequest } from './loaded-artifact';
import { towerInputs } from './tower-inputs';

/** The module of a thread that verifies an artifact and reads what serving keeps in memory. */
answerCalls(async ({ path, itemTower }: LoadRequest): Promise<Answer<LoadedArtifact>> => {
  const artifact = await openArtifact(path);
  const { version, folder } = artifact;
  const { towers, userVectors, index, indexMeta, itemVectors } = artifactFiles;
  // Without either, the artifact holds vectors alone; without one of them, it is not whole.
  const knowsUsers = artifact.has(towers) || artifact.has(userVectors);
  // Files that serving reads by folder must be among those that were verified.
  for (const file of [index, indexMeta, itemVectors, ...(knowsUsers ? [towers, userVectors] : [])]) artifact.path(file);
  const catalogue = await readCatalogue(artifact);
  const served = knowsUsers ? await readServingTowers(folder, towerInputs(catalogue), { items: itemTower }) : undefined;
  const response: LoadedArtifact = sharedCopy({
    version,
    folder,
    files: Object.keys(artifact.manifest.files),
    catalogue: takeApart(catalogue),
    attributes: (await readAttributes(artifact, catalogue.itemIds.size)).toParts(),
    popularity: rankByPopularity(catalogue),
    users: served && {
      towers: served,
      vectors: await readNpy(artifact.path(userVectors), 'float32'),
      itemVectors: readsItemVectors(served.config) ? await readNpy(artifact.path(itemVectors), 'float32') : undefined,
    },
  });
  return { response };
});
