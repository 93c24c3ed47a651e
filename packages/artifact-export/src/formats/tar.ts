import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { artifactFiles } from '@vector-recall/model-store';
import { pack } from 'tar-stream';
import type { WriteFormat } from './source';

/**
 * `<version>.tar`: the folder of the version with every file that the manifest lists, and the manifest. Unpacked, it is
 * an artifact that every command opens. One version always gives the same bytes.
 */
export const writeTarFile: WriteFormat = async ({ artifact }, folder) => {
  const { version, manifest } = artifact;
  const archive = pack();
  const written = pipeline(archive, createWriteStream(join(folder, `${version}.tar`)));
  const mtime = new Date(manifest.createdAt);
  for (const file of [artifactFiles.manifest, ...Object.keys(manifest.files).sort()]) {
    const path = join(artifact.folder, file);
    const { size } = await stat(path);
    const entry = archive.entry({ name: `${version}/${file}`, size, mtime, mode: 0o644 });
    await pipeline(createReadStream(path), entry);
  }
  archive.finalize();
  await written;
};
