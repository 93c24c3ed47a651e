import { join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { ArtifactFileError } from '../errors';
import { manifestFormatVersion, manifestSchema, type Manifest } from '../manifest/manifest';
import { readVersionedJson } from '../read-json';
import type { Artifact } from './artifact';
import { sha256OfHandle } from './files';
import { withRegular } from './regular-file';

/**
 * Reads what a version says of itself; none of its files is verified.
 * @throws ArtifactFileError
 */
export async function readManifest(folder: string): Promise<Manifest> {
  return readVersionedJson(join(folder, artifactFiles.manifest), manifestSchema, manifestFormatVersion);
}

/**
 * Reads the manifest of a version and compares every file with it, sizes first, since those cost nothing.
 * @throws ArtifactFileError
 */
export async function openVersion(folder: string): Promise<Artifact> {
  const manifest = await readManifest(folder);
  const files = Object.entries(manifest.files);
  for (const [name, { bytes }] of files) await checkSize(join(folder, name), bytes);
  for (const [name, { sha256 }] of files) await checkSum(join(folder, name), sha256);
  const has = (file: string): boolean => Object.hasOwn(manifest.files, file);
  return {
    version: manifest.version,
    folder,
    manifest,
    has,
    path: (file) => {
      const path = join(folder, file);
      if (has(file)) return path;
      throw new ArtifactFileError(
        path,
        'missing',
        `The artifact ${folder} has no ${file}; train and publish it again.`,
      );
    },
  };
}

async function checkSize(file: string, expected: number): Promise<void> {
  const { size } = await withRegular(file, (handle) => handle.stat());
  if (size === expected) return;
  throw new ArtifactFileError(
    file,
    size < expected ? 'truncated' : 'damaged',
    `${file} has ${size} bytes, but the manifest says ${expected}; copy the artifact again.`,
  );
}

async function checkSum(file: string, expected: string): Promise<void> {
  if ((await withRegular(file, sha256OfHandle)) === expected) return;
  throw new ArtifactFileError(
    file,
    'damaged',
    `${file} is not what was published: its checksum differs from the manifest; copy the artifact again.`,
  );
}
