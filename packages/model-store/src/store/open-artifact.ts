import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bucketLocationOf } from '../bucket/location';
import { artifactFiles } from '../artifact-files';
import { ArtifactFileError } from '../errors';
import type { Artifact } from './artifact';
import { ModelStore } from './model-store';
import { openVersion } from './open-version';

/**
 * Opens an artifact, given the folder of one version, wherever it was copied to, or the root of a store, whose current
 * version it takes.
 *
 * @throws ArtifactFileError, NoCurrentVersionError
 */
export async function openArtifact(path: string): Promise<Artifact> {
  if (bucketLocationOf(path) !== undefined) return new ModelStore(path).open();
  const folder = resolve(path);
  if (await isThere(join(folder, artifactFiles.manifest))) return openVersion(folder);
  if (await isThere(join(folder, 'versions'))) return new ModelStore(folder).open();
  throw new ArtifactFileError(
    folder,
    'missing',
    `${folder} is neither a store of artifacts nor a version of one; give the --output of a training run.`,
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
