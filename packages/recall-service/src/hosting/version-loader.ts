import { LoadTimeoutError, ModelHostClosedError } from '../errors';
import type { VectorRecallService } from '../vector-recall-service';
import type { VersionSource } from './version-source';
import { within } from './within';

/** Longest wait for the name of what is promoted, which is the target of one link. */
const LOOK_MS = 30_000;

/** Longest wait for loads that were given up: most end by themselves. */
const ABANDONED_MS = 2000;

export interface VersionLoaderOptions {
  /** Makes a service that is ready to be called. */
  readonly load: (folder: string, signal: AbortSignal) => Promise<VectorRecallService>;
  readonly timeoutMs: number;
  /** Ends all waiting. */
  readonly closing: AbortSignal;
}

/** Reads from a store that may hang, as a dead mount does: each wait is bounded, and what was given up is closed. */
export class VersionLoader {
  /** Loads that were given up and have not ended. */
  readonly #abandoned = new Set<Promise<unknown>>();
  /** Asked at a time: on a file system that does not answer, each would take a thread of Node's for ever. */
  #looking?: Promise<string | undefined>;

  constructor(
    private readonly source: VersionSource,
    private readonly options: VersionLoaderOptions,
  ) {}

  /** Whether something that was given up still hangs in a thread, which may keep the process from ending by itself. */
  get hangs(): boolean {
    return this.#abandoned.size > 0 || this.#looking !== undefined;
  }

  /**
   * The promoted version.
   * @throws ArtifactFileError, LoadTimeoutError
   */
  current(): Promise<string | undefined> {
    if (this.#looking === undefined) {
      const looking = this.source.current();
      this.#looking = looking;
      const done = (): void => void (this.#looking = undefined);
      looking.then(done, done);
    }
    const { timeoutMs, closing } = this.options;
    const ms = Math.min(LOOK_MS, timeoutMs);
    const late = (): Error => new LoadTimeoutError(`What is promoted in ${this.source.root}`, ms);
    return within(ms, this.#looking, late, closing);
  }

  /**
   * @param superseded gives the load up
   * @throws UnknownVersionError, LoadTimeoutError, the reason of a signal, or what loading throws
   */
  async load(version: string, superseded?: AbortSignal): Promise<VectorRecallService> {
    const { load, timeoutMs, closing } = this.options;
    const giveUp = AbortSignal.any([closing, ...(superseded === undefined ? [] : [superseded])]);
    const ended = new AbortController();
    const loading = this.source.locate(version).then((folder) => load(folder, ended.signal));
    try {
      return await within(timeoutMs, loading, () => new LoadTimeoutError(`The version ${version}`, timeoutMs), giveUp);
    } catch (error) {
      ended.abort(error);
      this.#abandon(loading);
      throw error;
    }
  }

  /** Resolves when what was given up is closed, or hangs for good. */
  async settle(): Promise<void> {
    await within(ABANDONED_MS, Promise.all(this.#abandoned), () => new ModelHostClosedError()).catch(() => undefined);
  }

  /** Closes what a load that nobody waits for comes to after all. */
  #abandon(loading: Promise<VectorRecallService>): void {
    const ended = loading.then(
      (service) => service.close(),
      () => undefined,
    );
    this.#abandoned.add(ended);
    void ended.finally(() => this.#abandoned.delete(ended));
  }
}
