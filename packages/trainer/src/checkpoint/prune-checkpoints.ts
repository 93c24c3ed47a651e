import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usingFile } from '@vector-recall/core-config/files';
import { CHECKPOINT_NAME, REFIT } from './checkpoint-store';

/**
 * Deletes the checkpoints of all but the newest runs. A run counts as new as its latest checkpoint, so one that is
 * training now is among the newest.
 *
 * @param root folder that holds a folder for each run
 * @param keep how many runs stay
 * @returns the runs whose checkpoints were deleted, oldest first
 * @throws FileError
 */
export async function pruneCheckpoints(root: string, keep: number): Promise<string[]> {
  return usingFile(root, 'written', async () => {
    const runs: { readonly run: string; readonly time: number }[] = [];
    for (const run of await namesIn(root)) {
      const times = await Promise.all((await checkpointsIn(join(root, run))).map(timeOf));
      // Anything else in the folder is not ours to delete.
      if (times.length > 0) runs.push({ run, time: Math.max(...times) });
    }
    const old = runs.toSorted((a, b) => a.time - b.time).slice(0, Math.max(0, runs.length - keep));
    for (const { run } of old) await rm(join(root, run), { recursive: true, force: true });
    return old.map(({ run }) => run);
  });
}

async function checkpointsIn(run: string): Promise<string[]> {
  const [first, second] = [await namesIn(run), await namesIn(join(run, REFIT))];
  return [
    ...first.filter((name) => CHECKPOINT_NAME.test(name)).map((name) => join(run, name)),
    ...second.filter((name) => CHECKPOINT_NAME.test(name)).map((name) => join(run, REFIT, name)),
  ];
}

async function timeOf(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

/** Names of the folders in a folder, none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
