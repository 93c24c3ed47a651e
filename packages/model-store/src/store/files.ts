import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** @returns SHA-256 in hex; the file is read in pieces */
export async function sha256Of(file: string): Promise<string> {
  return digest(createReadStream(file, { highWaterMark: 1 << 20 }));
}

/** The same of a file that is open, and stays so. */
export async function sha256OfHandle(handle: FileHandle): Promise<string> {
  return digest(handle.createReadStream({ highWaterMark: 1 << 20, autoClose: false, start: 0 }));
}

async function digest(pieces: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** Waits until the disk has what was written to a file, or the names that a folder holds. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and waits until the disk has it. */
export async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What lies below a folder, as paths relative to it with forward slashes, in order of name. */
export interface FolderListing {
  readonly files: readonly string[];
  /** The folder itself as `''`, a folder before what it holds. */
  readonly folders: readonly string[];
  /** Links, sockets and the like. */
  readonly others: readonly string[];
}

export async function listFolder(root: string): Promise<FolderListing> {
  const files: string[] = [];
  const folders = [''];
  const others: string[] = [];
  // `folders` grows while it is walked.
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory()) folders.push(path);
      else others.push(path);
    }
  }
  return { files, folders, others };
}

/** Whether a system call failed with one of these codes, `ENOENT` and the like. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && codes.includes(error.code);
}
