import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ArtifactFileError } from '../errors';

/**
 * Opens a file of an artifact for reading. Only regular files are opened: a pipe would be waited for without end, and a
 * link or a device leads out of the folder that was verified.
 *
 * @throws ArtifactFileError
 */
export async function openRegular(file: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK the open itself waits for the other end of a pipe.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (cause) {
    if (isLink(cause)) throw irregular(file);
    throw new ArtifactFileError(file, 'missing', `${file} cannot be read; copy the artifact again.`, { cause });
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw irregular(file);
}

/** Opens it, works with it and closes it. */
export async function withRegular<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openRegular(file);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

function isLink(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ELOOP';
}

function irregular(file: string): ArtifactFileError {
  return new ArtifactFileError(
    file,
    'foreign',
    `${file} is not a regular file, and an artifact holds nothing else; copy the artifact again, following links.`,
  );
}
