import { readCatalogue, readNpy, takeApart, artifactFiles, openArtifact } from '@vector-recall/model-store';
import { answerCalls, buffersOf, type Answer } from '@vector-recall/threads';
import { rankByPopularity } from '../popularity';
import type { LoadedArtifact, LoadRequest } from './loaded-artifact';

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
  const response: LoadedArtifact = {
    version,
    folder,
    catalogue: takeApart(catalogue),
    popularity: rankByPopularity(catalogue),
    users: await readNpy(artifact.path(artifactFiles.userVectors), 'float32'),
  };
  return { response, transfer: buffersOf(response) };
});
