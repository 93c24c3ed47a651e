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
  const required = [
    artifactFiles.index,
    artifactFiles.indexMeta,
    artifactFiles.towers,
    artifactFiles.userVectors,
    artifactFiles.itemVectors,
  ] as const;
  // Files that serving reads by folder must be among those that were verified.
  for (const file of required) artifact.path(file);
  const catalogue = await readCatalogue(artifact);
  const response: LoadedArtifact = sharedCopy({
    version,
    folder,
    catalogue: takeApart(catalogue),
    popularity: rankByPopularity(catalogue),
    towers: await readServingTowers(folder, towerInputs(catalogue)),
    users: await readNpy(artifact.path(artifactFiles.userVectors), 'float32'),
  });
  return { response };
});
