import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usingFile } from './file-error';

/**
 * Writes a file aside, waits until the disk has it and renames it into place: whoever reads the path finds the old file
 * or the whole new one.
 *
 * @throws FileError, or what `write` throws; then the path is as it was
 */
export async function writeAside(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const aside = `${path}.aside-${process.pid}`;
  await usingFile(path, 'written', async () => {
    try {
      const handle = await open(aside, 'w');
      try {
        await write(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(aside, path);
      await syncFolder(dirname(path));
    } finally {
      await rm(aside, { force: true });
    }
  });
}

/** A rename is durable once the folder that holds the name is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
