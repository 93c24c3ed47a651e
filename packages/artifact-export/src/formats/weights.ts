import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles, type Artifact } from '@vector-recall/model-store';
import { ExportError } from '../errors';
import type { WriteFormat } from './source';

/** The weights of both towers as the artifact has them; the header's metadata holds the model's options. */
export const writeSafetensorsFile: WriteFormat = async ({ artifact }, folder) => {
  checkHasTowers(artifact);
  await copyFile(artifact.path(artifactFiles.towers), join(folder, artifactFiles.towers));
};

/** @throws ExportError where an artifact holds vectors alone */
export function checkHasTowers(artifact: Artifact): void {
  if (artifact.has(artifactFiles.towers)) return;
  throw new ExportError(
    `${artifact.version} holds vectors of another model and no towers; export it as npy, parquet, arrow, hnswlib or tar.`,
  );
}
