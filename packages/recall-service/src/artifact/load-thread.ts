import { readCatalogue, readNpy, takeApart, artifactFiles, openArtifact } from '@vector-recall/model-store';
import { answerCalls, sharedCopy, type Answer } from '@vector-recall/threads';
import { readServingTowers } from '@vector-recall/towers/serving';
import { rankByPopularity } from '../popularity';
import type { LoadedArtifact, LoadRequest } from './loaded-artifact';
import { towerInputs } from './tower-inputs';

/** The module of a thread that verifies an artifact and reads what serving keeps in memory. */
answerCalls(async ({ path }: LoadRequest): Promise<Answer<LoadedArtifact>> => {
  const artifact = await openArtifact(path);
  const { version, folder } = artifact;
  const { towers, userVectors, index, indexMeta, itemVectors } = artifactFiles;
  // Without either, the artifact holds vectors alone; without one of them, it is not whole.
  const knowsUsers = artifact.has(towers) || artifact.has(userVectors);
  // Files that serving reads by folder must be among those that were verified.
  for (const file of [index, indexMeta, itemVectors, ...(knowsUsers ? [towers, userVectors] : [])]) artifact.path(file);
  const catalogue = await readCatalogue(artifact);
  const response: LoadedArtifact = sharedCopy({
    version,
    folder,
    catalogue: takeApart(catalogue),
    popularity: rankByPopularity(catalogue),
    users: knowsUsers
      ? {
          towers: await readServingTowers(folder, towerInputs(catalogue)),
          vectors: await readNpy(artifact.path(userVectors), 'float32'),
        }
      : undefined,
  });
  return { response };
});
