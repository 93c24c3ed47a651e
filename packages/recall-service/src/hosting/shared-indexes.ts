import { stat } from 'node:fs/promises';
import { SharedCopy, type SharedFile } from '@vector-recall/hnsw-index';

/**
 * One copy of an index for all workers. The newest is kept, for workers that begin later; what workers have mapped of
 * older ones lasts until the last of them has closed it.
 */
export class SharedIndexes {
  #newest?: { readonly key: string; readonly copy: Promise<SharedCopy> };
  #pending = 0;

  /** @param onFailure hears why a file can't be shared */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Whether a file is being read: one on a dead mount keeps the process from ending by itself. */
  get hangs(): boolean {
    return this.#pending > 0;
  }

  /** @returns `undefined` where each worker has to read the file for itself */
  async share(file: string): Promise<SharedFile | undefined> {
    if (!SharedCopy.isPossible) return undefined;
    this.#pending++;
    try {
      return (await this.#copyOf(file)).file;
    } catch (error) {
      this.onFailure(error);
      return undefined;
    } finally {
      this.#pending--;
    }
  }

  async #copyOf(file: string): Promise<SharedCopy> {
    // A version that was deleted and written again has the same path.
    const { dev, ino, size, mtimeMs } = await stat(file);
    const key = [file, dev, ino, size, mtimeMs].join(':');
    if (this.#newest?.key === key) return this.#newest.copy;
    const older = this.#newest;
    const copy = SharedCopy.of(file);
    const newest = { key, copy };
    this.#newest = newest;
    older?.copy.then(
      (made) => {
        made.release();
      },
      () => undefined,
    );
    // The next worker tries again.
    copy.catch(() => {
      if (this.#newest === newest) this.#newest = undefined;
    });
    return copy;
  }
}
