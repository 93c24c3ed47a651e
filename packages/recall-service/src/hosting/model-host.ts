import { NoCurrentVersionError } from '@vector-recall/model-store';
import { LoadSupersededError, ModelHostClosedError, ModelRefusedError, PinnedVersionError } from '../errors';
import { VectorRecallService, type ServiceOptions } from '../vector-recall-service';
import { CurrentWatch } from './current-watch';
import { LeasedModel, type ModelLease } from './leased-model';
import type { ModelEvent } from './model-events';
import { isPassingShortage } from './passing-shortage';
import { Promoter } from './promoter';
import { reclaimMemory } from './reclaim-memory';
import { Retry } from './retry';
import { SerialQueue } from './serial-queue';
import { VersionLoader } from './version-loader';
import { pinned, versionSourceAt, type VersionSource } from './version-source';

export interface ModelHostOptions {
  /** Of the services that are made. */
  readonly service?: ServiceOptions;
  /** Makes a service that is ready to be called; default: `fromArtifact`, then `warm`. Its options have a signal. */
  readonly load?: (folder: string, options: ServiceOptions) => Promise<VectorRecallService>;
  /** A version that is served whatever is promoted; default: the promoted one is followed. */
  readonly pinned?: string;
  /** How often the store is looked at where its file system does not tell of changes, in milliseconds; default 2000. */
  readonly pollMs?: number;
  /** Time that a version has to be loaded, in milliseconds; default ten minutes. */
  readonly loadTimeoutMs?: number;
  readonly onEvent?: (event: ModelEvent) => void;
}

/** What a reload has come to. */
export interface Reload {
  /** The version that serves now. */
  readonly version: string;
  /** The version that served before; `version` itself where there was nothing to switch. */
  readonly previousVersion?: string;
  /** Loading, warming and switching, in milliseconds. */
  readonly loadMs: number;
}

/** A version that a host could serve. */
export interface HostedVersion {
  readonly version: string;
  /** Whether the store's `current` points to it. */
  readonly promoted: boolean;
  readonly serving: boolean;
}

/**
 * Keeps one model ready, and follows the store to the version that is promoted there.
 *
 * A new version is loaded and warmed beside the one in use, and takes its place between two calls. Calls that run then
 * finish on the version they began with, which is closed after the last of them. A version that can't be loaded is
 * refused with a reason and not tried again until something else is promoted or somebody asks for it; after a shortage
 * that may pass, it is tried again. A load that hangs is given up: after a time, when another version is promoted, and when
 * the host is closed.
 */
export class ModelHost {
  readonly #source: VersionSource;
  readonly #pinned?: string;
  readonly #loader: VersionLoader;
  readonly #promoter: Promoter;
  readonly #emit: (event: ModelEvent) => void;
  readonly #queue = new SerialQueue();
  readonly #retiring = new Set<Promise<void>>();
  readonly #pollMs: number;
  /** The load that follows the store. */
  #following?: { readonly version: string; readonly controller: AbortController };
  readonly #closing = new AbortController();
  readonly #retry = new Retry();
  #watch?: CurrentWatch;
  #followIsQueued = false;
  /** What was seen promoted last: a version, nothing, or a problem of the store. */
  #followed?: string;
  #serving?: LeasedModel;
  #closed = false;

  /** @param path root of a store, which may not be there yet, or the folder of one version */
  constructor(path: string, options: ModelHostOptions = {}) {
    const {
      service = {},
      load = loadWarm,
      pollMs = 2000,
      loadTimeoutMs = 600_000,
      onEvent = () => undefined,
    } = options;
    const source = versionSourceAt(path);
    this.#source = options.pinned === undefined ? source : pinned(source, options.pinned);
    this.#pinned = options.pinned;
    this.#loader = new VersionLoader(this.#source, {
      load: (folder, signal) => load(folder, { ...service, signal }),
      timeoutMs: loadTimeoutMs,
      closing: this.#closing.signal,
    });
    this.#promoter = new Promoter(this.#source, (version) => this.reload(version));
    this.#pollMs = pollMs;
    this.#emit = onEvent;
  }

  /** Loads the promoted version, if there is one that can be used, and follows the store from now on. */
  async start(): Promise<void> {
    if (this.#source.changes) {
      this.#watch = new CurrentWatch(this.#source.root, this.#pollMs, () => void this.#follow());
    }
    await this.#follow();
  }

  /** Whether something that was given up still hangs in a thread, which may keep the process from ending by itself. */
  get hangs(): boolean {
    return this.#loader.hangs;
  }

  /** The version that calls are answered by; `undefined` where there is none yet. */
  get version(): string | undefined {
    return this.#serving?.version;
  }

  /** Takes the model in use for one call; `undefined` where none is loaded, or after `close`. */
  acquire(): ModelLease | undefined {
    return this.#serving?.lease();
  }

  /** The folder of a version. @throws UnknownVersionError */
  locate(version: string): Promise<string> {
    return this.#source.locate(version);
  }

  /** The versions of the store, newest first. */
  async versions(): Promise<HostedVersion[]> {
    const listed = await this.#source.list();
    return listed.map(({ version, isCurrent }) => ({
      version,
      promoted: isCurrent,
      serving: version === this.version,
    }));
  }

  /**
   * Loads a version and switches to it. One reload runs at a time; later ones wait.
   *
   * @param version default: the promoted one. Another one serves until something else is promoted.
   * @throws ModelRefusedError; what was in use goes on serving
   * @throws NoCurrentVersionError, ModelHostClosedError, PinnedVersionError
   */
  async reload(version?: string): Promise<Reload> {
    if (this.#pinned !== undefined && version !== undefined && version !== this.#pinned) {
      throw new PinnedVersionError(this.#pinned);
    }
    return this.#queue.run(async () => {
      if (version !== undefined) return this.#switchTo(version);
      const promoted = await this.#loader.current();
      if (promoted === undefined) throw new NoCurrentVersionError(this.#source.root);
      this.#followed = promoted;
      return this.#switchTo(promoted);
    });
  }

  /** As {@link Promoter.promote}. */
  promote(version: string): Promise<Reload> {
    return this.#promoter.promote(version);
  }

  /** As {@link Promoter.rollBack}. */
  rollBack(): Promise<Reload> {
    return this.#promoter.rollBack();
  }

  /** Stops following and gives no more leases; resolves when every model is closed, which waits for their leases. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.abort(new ModelHostClosedError());
    this.#watch?.close();
    this.#retry.cancel();
    this.#retire();
    await this.#queue.run(() => Promise.resolve());
    await Promise.all(this.#retiring);
    await this.#loader.settle();
  }

  async #follow(): Promise<void> {
    this.#giveUpSuperseded();
    // What waits in the queue reads the store when its turn comes, so one is enough.
    if (this.#followIsQueued) return;
    this.#followIsQueued = true;
    await this.#queue.run(async () => {
      this.#followIsQueued = false;
      if (!this.#closed) await this.#followStore();
    });
  }

  /** Where something else is promoted than what is being loaded, nobody waits for that any more. */
  #giveUpSuperseded(): void {
    const following = this.#following;
    if (following === undefined) return;
    const { version, controller } = following;
    this.#loader.current().then(
      (promoted) => {
        if (promoted !== undefined && promoted !== version) controller.abort(new LoadSupersededError(version));
      },
      () => undefined,
    );
  }

  async #followStore(): Promise<void> {
    let promoted: string | undefined;
    try {
      promoted = await this.#loader.current();
    } catch (cause) {
      if (this.#closed) return;
      const error = toError(cause);
      if (this.#sees(`problem: ${error.message}`)) this.#emit({ type: 'refused', serving: this.version, error });
      return;
    }
    if (promoted === undefined) {
      if (this.#sees('nothing') && this.#serving === undefined) {
        this.#emit({ type: 'waiting', root: this.#source.root, isMissing: this.#source.isMissing() });
      }
      return;
    }
    if (!this.#sees(promoted)) return;
    const controller = new AbortController();
    this.#following = { version: promoted, controller };
    // A refusal was told as an event; here nobody waits for it.
    await this.#switchTo(promoted, controller.signal).catch(() => undefined);
    this.#following = undefined;
  }

  /** @returns whether that is news */
  #sees(state: string): boolean {
    const isNew = this.#followed !== state;
    this.#followed = state;
    return isNew;
  }

  async #switchTo(version: string, superseded?: AbortSignal): Promise<Reload> {
    if (this.#closed) throw new ModelHostClosedError();
    const previousVersion = this.version;
    if (previousVersion === version) return { version, previousVersion, loadMs: 0 };
    const start = performance.now();
    this.#emit({ type: 'loading', version });
    const model = new LeasedModel(await this.#loadOrRefuse(version, superseded));
    if (this.#isClosedByNow()) {
      await model.retire();
      throw new ModelHostClosedError();
    }
    this.#retire();
    this.#serving = model;
    const loadMs = performance.now() - start;
    this.#emit({ type: 'switched', version, previousVersion, loadMs });
    return { version, previousVersion, loadMs };
  }

  async #loadOrRefuse(version: string, superseded?: AbortSignal): Promise<VectorRecallService> {
    try {
      const service = await this.#loader.load(version, superseded);
      this.#retry.reset();
      if (service.version === version) return service;
      await service.close();
      throw new Error(`Its folder holds the version ${service.version}; give the folder the name of its version.`);
    } catch (cause) {
      if (cause instanceof ModelHostClosedError) throw cause;
      const error = new ModelRefusedError(version, toError(cause), this.version);
      this.#emit({
        type: 'refused',
        version,
        serving: this.version,
        error,
        retryMs: this.#followed === version && isPassingShortage(cause) ? this.#tryAgain() : undefined,
      });
      throw error;
    }
  }

  /** @returns in how many milliseconds */
  #tryAgain(): number {
    return this.#retry.later(() => {
      // What was seen is news again.
      this.#followed = undefined;
      void this.#follow();
    });
  }

  /** Takes the model in use out of it; its last lease closes it. */
  #retire(): void {
    const model = this.#serving;
    this.#serving = undefined;
    if (model === undefined) return;
    const { version } = model;
    const retiring = model.retire().then(
      async () => {
        this.#emit({ type: 'retired', version });
        if (!this.#closed) await reclaimMemory();
      },
      (problem: unknown) => {
        this.#emit({ type: 'retired', version, problem: toError(problem) });
      },
    );
    this.#retiring.add(retiring);
    void retiring.finally(() => this.#retiring.delete(retiring));
  }

  /** Asked after a wait, in which `close` may have been called. */
  #isClosedByNow(): boolean {
    return this.#closed;
  }
}

async function loadWarm(folder: string, options: ServiceOptions): Promise<VectorRecallService> {
  const service = await VectorRecallService.fromArtifact(folder, options);
  try {
    await service.warm();
  } catch (error) {
    await service.close();
    throw error;
  }
  return service;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
