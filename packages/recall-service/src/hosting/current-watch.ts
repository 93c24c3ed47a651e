import { watch, type FSWatcher } from 'node:fs';

/**
 * Calls back when the link `current` of a store may have changed: at once where the file system tells, and every `pollMs`
 * milliseconds in any case, since network file systems tell nothing and the store may not be there yet.
 */
export class CurrentWatch {
  readonly #poll: NodeJS.Timeout;
  #watcher?: FSWatcher;

  constructor(
    private readonly root: string,
    pollMs: number,
    private readonly notify: () => void,
  ) {
    this.#watch();
    this.#poll = setInterval(() => {
      if (this.#watcher === undefined) this.#watch();
      notify();
    }, pollMs);
    this.#poll.unref();
  }

  close(): void {
    clearInterval(this.#poll);
    this.#watcher?.close();
  }

  #watch(): void {
    try {
      this.#watcher = watch(this.root, { persistent: false }, (_, name) => {
        if (name === null || name === 'current') this.notify();
      });
    } catch {
      return; // not there, or nothing to be watched here: the poll goes on
    }
    this.#watcher.on('error', () => {
      this.#watcher?.close();
      this.#watcher = undefined;
    });
  }
}
