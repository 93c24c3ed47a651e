import { mkdir, readdir } from 'node:fs/promises';
import { encodeEntry } from '../change/change-codec';
import { LiveFolderError, LiveLogError } from '../errors';
import { writeWhole } from '../log/change-log';
import { listLogs, readLog } from '../log/log-files';
import { LiveState } from './live-state';
import { entryOf } from './live-store';

/** What a backup holds. */
export interface BackupFacts {
  /** Items that were changed or deleted. */
  readonly items: number;
  /** The newest change in it. */
  readonly seq: number;
  readonly bytes: number;
}

/**
 * Copies the changes of a folder into another one, which must be empty or missing; a server may write the first
 * meanwhile. The copy is compacted: what was replaced or erased is not in it. To restore is to copy back.
 *
 * @throws LiveLogError, LiveFolderError
 */
export async function copyChanges(from: string, to: string): Promise<BackupFacts> {
  const { state } = await readChanges(from);
  await mkdir(to, { recursive: true });
  const names = await readdir(to);
  if (names.length > 0) {
    throw new LiveFolderError(to, `${to} is not empty; give a folder that is empty or does not exist yet.`);
  }
  const bytes = await writeWhole(to, 1, state.entries().map(encodeEntry));
  return { items: state.itemCount, seq: state.seq, bytes };
}

/**
 * Reads the changes of a folder, which a server may write meanwhile.
 * @returns their state, and the size of the log
 * @throws LiveLogError, LiveFolderError
 */
export async function readChanges(folder: string): Promise<{ state: LiveState; bytes: number }> {
  // A compaction removes the log that is being read, once: then there is a later one.
  for (let attempt = 0; ; attempt++) {
    const numbers = await listLogs(folder).catch((cause: unknown) => {
      throw new LiveFolderError(folder, `${folder} can't be read; give the folder of a server's --live.`, { cause });
    });
    const last = numbers.at(-1);
    if (last === undefined) {
      throw new LiveFolderError(folder, `${folder} holds no log of changes; give the folder of a server's --live.`);
    }
    const state = new LiveState();
    try {
      const { length } = await readLog(folder, last, (payload) => {
        state.apply(entryOf(folder, payload));
      });
      return { state, bytes: length };
    } catch (error) {
      const isReplaced = error instanceof LiveLogError && error.fault === 'unreadable';
      if (!isReplaced || attempt === 3 || (await listLogs(folder)).at(-1) === last) throw error;
    }
  }
}

/** Whether a folder holds changes. */
export async function holdsChanges(folder: string): Promise<boolean> {
  return listLogs(folder).then(
    (numbers) => numbers.length > 0,
    () => false,
  );
}
