import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { currentOwner, formatOwner, isErrno, parseOwner, stateOf } from '@vector-recall/model-store';
import { LiveFolderError } from '../errors';

/** How often a holder shows that it lives. */
const BEAT_MS = 1000;
/** How long the sign of a holder on another machine must be missing before it counts as gone. */
const SILENT_MS = 5000;

/**
 * The right to write a folder, which one process has at a time. A holder of this machine that has ended is replaced at
 * once; one of another machine or container, of which the process id says nothing, when it has shown no sign of life for
 * a while. Signs are compared with each other, never with a clock.
 */
export class FolderLock {
  readonly #beat: NodeJS.Timeout;

  private constructor(private readonly file: string) {
    this.#beat = setInterval(() => {
      const now = new Date();
      void utimes(file, now, now).catch(() => undefined);
    }, BEAT_MS).unref();
  }

  /** @throws LiveFolderError where another process holds it */
  static async take(folder: string): Promise<FolderLock> {
    const file = join(folder, 'LOCK');
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await create(file)) return new FolderLock(file);
      const holder = await readHolder(file);
      if (holder !== undefined && (await isHeld(file, holder))) throw heldBy(folder, holder);
      if (holder !== undefined) await removeIf(file, holder);
    }
    throw heldBy(folder, (await readHolder(file)) ?? '');
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    await removeIf(this.file, formatOwner(currentOwner()));
  }
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(formatOwner(currentOwner()));
    await handle.sync();
    await handle.close();
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @returns `undefined` where the lock has gone */
async function readHolder(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isHeld(file: string, holder: string): Promise<boolean> {
  const owner = parseOwner(holder);
  const state = owner === undefined ? 'unknown' : stateOf(owner);
  return state === 'alive' || (state === 'unknown' && (await shows(file)));
}

/** Whether the holder gives a sign of life while we wait for one. */
async function shows(file: string): Promise<boolean> {
  const before = await beatOf(file);
  const end = performance.now() + SILENT_MS;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS / 4));
    if ((await beatOf(file)) !== before) return true;
  }
  return false;
}

async function beatOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** Removes the lock if it is still this holder's: under another name first, so that a later one is not lost. */
async function removeIf(file: string, holder: string): Promise<void> {
  if ((await readHolder(file)) !== holder) return;
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readHolder(aside)) === holder) await rm(aside, { force: true });
  else await rename(aside, file);
}

function heldBy(folder: string, holder: string): LiveFolderError {
  const pid = parseOwner(holder)?.pid;
  const by = pid === undefined ? 'another process' : `process ${pid}`;
  return new LiveFolderError(
    folder,
    `${folder} is being written by ${by}; stop it first, or give this server a folder of its own with --live.`,
  );
}
