import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isErrno } from '../store/files';
import { currentOwner, formatOwner, parseOwner, stateOf } from '../store/owner';

/** How often a lock that another process holds is looked at. */
const POLL_MS = 100;

/** Longest time that a lock is empty while it is being made. */
const EMPTY_MS = 10_000;

/** Runs a task while no other process of this machine runs one under the same lock; that of a dead process is taken over. */
export async function withFetchLock<T>(file: string, task: () => Promise<T>): Promise<T> {
  const owner = formatOwner(currentOwner());
  while (!(await take(file, owner))) await setTimeout(POLL_MS);
  try {
    return await task();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, owner: string): Promise<boolean> {
  try {
    await writeFile(file, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  const holder = parseOwner(await readFile(file, 'utf8').catch(() => ''));
  // A cache is not shared by machines: whoever can't be asked belonged to an earlier boot or container.
  const isStale = holder === undefined ? await isOld(file) : stateOf(holder) !== 'alive';
  if (isStale) await rm(file, { force: true });
  return false;
}

/** A process that died between making a lock and writing its name into it leaves an empty one. */
async function isOld(file: string): Promise<boolean> {
  const made = await stat(file).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > EMPTY_MS;
}
