import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StagedArtifact } from './artifact';
import { isErrno } from './files';
import { currentOwner, formatOwner, parseOwner, stateOf } from './owner';

/** A folder of another machine is taken for left behind when nothing was written to it for a day. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** The folder in which artifacts are written before they are published. Names there end in their {@link Owner}. */
export class StagingArea {
  constructor(
    readonly folder: string,
    private readonly now: () => Date,
  ) {}

  /** @throws an EEXIST error where this process has staged the version already */
  async create(version: string): Promise<StagedArtifact> {
    await mkdir(this.folder, { recursive: true });
    const folder = join(this.folder, this.nameFor(version));
    await mkdir(folder);
    return {
      version,
      folder,
      discard: async () => {
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  /** A name that shows who made it. */
  nameFor(label: string): string {
    return `${label}.${formatOwner(currentOwner())}`;
  }

  /**
   * Deletes what killed processes have left.
   * @returns the names of what was deleted
   */
  async prune(): Promise<string[]> {
    const pruned: string[] = [];
    for (const name of await namesIn(this.folder)) {
      if (!(await this.#isLeftBehind(name))) continue;
      await rm(join(this.folder, name), { recursive: true, force: true });
      pruned.push(name);
    }
    return pruned;
  }

  async #isLeftBehind(name: string): Promise<boolean> {
    const owner = parseOwner(name.split('.').slice(1).join('.'));
    const state = owner === undefined ? 'unknown' : stateOf(owner);
    if (state !== 'unknown') return state === 'gone';
    return this.now().getTime() - (await lastWrite(join(this.folder, name))) > ABANDONED_MS;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** @returns milliseconds since 1970 of the latest change at or below a path; now where it vanishes meanwhile */
async function lastWrite(path: string): Promise<number> {
  try {
    const status = await lstat(path);
    if (!status.isDirectory()) return status.mtimeMs;
    const inside = await Promise.all((await readdir(path)).map((name) => lastWrite(join(path, name))));
    return Math.max(status.mtimeMs, ...inside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return Infinity;
    throw error;
  }
}
