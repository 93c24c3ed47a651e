import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { readCatalogue } from '../catalogue/read-catalogue';
import { PublishError } from '../errors';
import { manifestFieldsSchema, manifestFormatVersion, type Manifest, type ManifestFields } from '../manifest/manifest';
import type { Artifact, StagedArtifact } from './artifact';
import { isErrno, listFolder, sha256Of, sync, writeSynced } from './files';
import { openVersion } from './open-version';

export interface PublishTarget {
  /** The folder that the version gets. */
  readonly folder: string;
  readonly createdAt: string;
  /** Opens what was written as a reader will; whatever it throws keeps the version from being published. */
  readonly check?: (artifact: Artifact) => Promise<void>;
}

/**
 * Seals a staged folder: every byte on the disk, then the manifest that vouches for it, then the rename that lets
 * readers see it. A kill before the rename leaves a staged folder, and after it a whole version.
 */
export async function publishFolder(
  staged: StagedArtifact,
  fields: ManifestFields,
  { folder, createdAt, check }: PublishTarget,
): Promise<Manifest> {
  const { version } = staged;
  const parsed = manifestFieldsSchema.safeParse(fields);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new PublishError(version, `The manifest field ${path.join('.')} is wrong: ${message}.`);
  }
  const folders = await stagedFolders(staged);
  const manifest: Manifest = {
    formatVersion: manifestFormatVersion,
    version,
    createdAt,
    files: await sealFiles(staged),
    ...parsed.data,
  };
  await writeSynced(join(staged.folder, artifactFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const inner of folders.toReversed()) await sync(join(staged.folder, inner));
  await readBack(staged, check);

  await mkdir(dirname(folder), { recursive: true });
  try {
    await rename(staged.folder, folder);
  } catch (cause) {
    if (!isErrno(cause, 'ENOTEMPTY', 'EEXIST')) throw cause;
    throw new PublishError(version, `The version ${version} is in the store already; stage a new one.`, { cause });
  }
  await sync(dirname(folder));
  await sync(dirname(staged.folder));
  return manifest;
}

/** Every byte is compared with what vouches for it, and the files are read once as serving will read them. */
async function readBack({ version, folder }: StagedArtifact, check: PublishTarget['check']): Promise<void> {
  try {
    const artifact = await openVersion(folder);
    if (artifact.has(artifactFiles.catalogue)) await readCatalogue(artifact);
    await check?.(artifact);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PublishError(
      version,
      `What was written cannot be read back, so it is not published: ${reason} Look for values out of range in the data.`,
      { cause },
    );
  }
}

async function stagedFolders({ version, folder }: StagedArtifact): Promise<readonly string[]> {
  let listing;
  try {
    listing = await listFolder(folder);
  } catch (cause) {
    if (!isErrno(cause, 'ENOENT')) throw cause;
    throw new PublishError(version, `The staged folder ${folder} is gone; it was published or discarded already.`, {
      cause,
    });
  }
  const { files, folders, others } = listing;
  if (others.length > 0) {
    throw new PublishError(version, `${join(folder, others[0])} is not a plain file; an artifact holds nothing else.`);
  }
  if (files.length === 0) throw new PublishError(version, `The staged folder ${folder} is empty; write files into it.`);
  if (files.includes(artifactFiles.manifest)) {
    throw new PublishError(version, `${folder} holds a ${artifactFiles.manifest}, which the store writes; remove it.`);
  }
  return folders;
}

async function sealFiles({ folder }: StagedArtifact): Promise<Manifest['files']> {
  const sealed: Manifest['files'] = {};
  for (const name of (await listFolder(folder)).files) {
    const file = join(folder, name);
    await sync(file);
    sealed[name] = { sha256: await sha256Of(file), bytes: (await stat(file)).size };
  }
  return sealed;
}
