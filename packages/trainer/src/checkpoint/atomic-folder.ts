import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { usingFile } from '@vector-recall/core-config/files';

const UNFINISHED = '.unfinished-';

/**
 * Fills a folder so that a reader finds all of it or none: it is written aside, flushed to the disk and renamed.
 * A folder of that name is replaced.
 *
 * @throws FileError, and whatever `write` throws
 */
export async function writeFolder(folder: string, write: (aside: string) => Promise<void>): Promise<void> {
  await usingFile(folder, 'written', () => fill(folder, write));
}

async function fill(folder: string, write: (aside: string) => Promise<void>): Promise<void> {
  const parent = dirname(folder);
  const aside = join(parent, `${UNFINISHED}${basename(folder)}`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  try {
    await write(aside);
    for (const file of await readdir(aside)) await flush(join(aside, file));
    await flush(aside);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  await flush(parent);
}

/** Without this a crash of the machine could leave a renamed folder with empty files. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
