import { closeSync, fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { loadAddon, type ImageHandle } from './addon';
import { aboutFile } from './engine-errors';

/** Where another process has a copy of a serving file that can be mapped. Plain data, for a message between processes. */
export interface SharedFile {
  readonly path: string;
  /** Tells it from what may have taken its path since. */
  readonly inode: string;
}

/**
 * A copy of a serving file in memory that any process of this user can map and none can change. It lasts until it is
 * released and the last process has closed its index.
 */
export class SharedCopy {
  readonly file: SharedFile;
  #descriptor?: number;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    const { ino } = fstatSync(descriptor, { bigint: true });
    this.file = { path: `/proc/${process.pid}/fd/${descriptor}`, inode: String(ino) };
  }

  /** Whether this system has such memory. */
  static get isPossible(): boolean {
    return process.platform === 'linux';
  }

  /** @throws IndexFileError, IndexEngineError */
  static async of(file: string): Promise<SharedCopy> {
    return new SharedCopy(await aboutFile(file, loadAddon().shareFile(file)));
  }

  /** From now on nobody can map it; what is mapped stays. */
  release(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** @returns `undefined` where the copy is gone, or its process gives no access to it */
export async function mapSharedFile({ path, inode }: SharedFile): Promise<ImageHandle | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { ino } = await handle.stat({ bigint: true });
    if (String(ino) !== inode) return undefined;
    return await loadAddon().loadImage(`/proc/self/fd/${handle.fd}`, true);
  } finally {
    await handle.close();
  }
}
