import { NoCurrentVersionError } from '@vector-recall/model-store';
import { ModelHostClosedError, ModelRefusedError } from '../errors';
import { VectorRecallService, type ServiceOptions } from '../vector-recall-service';
import { CurrentWatch } from './current-watch';
import { LeasedModel, type ModelLease } from './leased-model';
import type { ModelEvent } from './model-events';
import { reclaimMemory } from './reclaim-memory';
import { SerialQueue } from './serial-queue';
import { versionSourceAt, type VersionSource } from './version-source';

export interface ModelHostOptions {
  /** Of the services that are made. */
  readonly service?: ServiceOptions;
  /** Makes a service that is ready to be called; default: `fromArtifact`, then `warm`. */
  readonly load?: (folder: string, options: ServiceOptions) => Promise<VectorRecallService>;
  /** How often the store is looked at where its file system does not tell of changes, in milliseconds; default 2000. */
  readonly pollMs?: number;
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
 * refused with a reason and not tried again until something else is promoted or somebody asks for it.
 */
export class ModelHost {
  readonly #source: VersionSource;
  readonly #load: (folder: string) => Promise<VectorRecallService>;
  readonly #emit: (event: ModelEvent) => void;
  readonly #queue = new SerialQueue();
  readonly #retiring = new Set<Promise<void>>();
  readonly #pollMs: number;
  #watch?: CurrentWatch;
  #followIsQueued = false;
  /** What was seen promoted last: a version, nothing, or a problem of the store. */
  #followed?: string;
  #serving?: LeasedModel;
  #closed = false;

  /** @param path root of a store, which may not be there yet, or the folder of one version */
  constructor(path: string, options: ModelHostOptions = {}) {
    const { service = {}, load = loadWarm, pollMs = 2000, onEvent = () => undefined } = options;
    this.#source = versionSourceAt(path);
    this.#load = (folder) => load(folder, service);
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

  /** The version that calls are answered by; `undefined` where there is none yet. */
  get version(): string | undefined {
    return this.#serving?.version;
  }

  /** Takes the model in use for one call; `undefined` where none is loaded, or after `close`. */
  acquire(): ModelLease | undefined {
    return this.#serving?.lease();
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
   * @throws NoCurrentVersionError, ModelHostClosedError
   */
  async reload(version?: string): Promise<Reload> {
    return this.#queue.run(async () => {
      if (version !== undefined) return this.#switchTo(version);
      const promoted = await this.#source.current();
      if (promoted === undefined) throw new NoCurrentVersionError(this.#source.root);
      this.#followed = promoted;
      return this.#switchTo(promoted);
    });
  }

  /** Stops following and gives no more leases; resolves when every model is closed, which waits for their leases. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    this.#retire();
    await this.#queue.run(() => Promise.resolve());
    await Promise.all(this.#retiring);
  }

  async #follow(): Promise<void> {
    // What waits in the queue reads the store when its turn comes, so one is enough.
    if (this.#followIsQueued) return;
    this.#followIsQueued = true;
    await this.#queue.run(async () => {
      this.#followIsQueued = false;
      if (!this.#closed) await this.#followStore();
    });
  }

  async #followStore(): Promise<void> {
    let promoted: string | undefined;
    try {
      promoted = await this.#source.current();
    } catch (cause) {
      const error = toError(cause);
      if (this.#sees(`problem: ${error.message}`)) this.#emit({ type: 'refused', serving: this.version, error });
      return;
    }
    if (promoted === undefined) {
      if (this.#sees('nothing') && this.#serving === undefined) {
        this.#emit({ type: 'waiting', root: this.#source.root });
      }
      return;
    }
    if (!this.#sees(promoted)) return;
    // A refusal was told as an event; here nobody waits for it.
    await this.#switchTo(promoted).catch(() => undefined);
  }

  /** @returns whether that is news */
  #sees(state: string): boolean {
    const isNew = this.#followed !== state;
    this.#followed = state;
    return isNew;
  }

  async #switchTo(version: string): Promise<Reload> {
    if (this.#closed) throw new ModelHostClosedError();
    const previousVersion = this.version;
    if (previousVersion === version) return { version, previousVersion, loadMs: 0 };
    const start = performance.now();
    this.#emit({ type: 'loading', version });
    const model = new LeasedModel(await this.#loadOrRefuse(version));
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

  async #loadOrRefuse(version: string): Promise<VectorRecallService> {
    try {
      const service = await this.#load(await this.#source.locate(version));
      if (service.version === version) return service;
      await service.close();
      throw new Error(`Its folder holds the version ${service.version}; give the folder the name of its version.`);
    } catch (cause) {
      const error = new ModelRefusedError(version, toError(cause), this.version);
      this.#emit({ type: 'refused', version, serving: this.version, error });
      throw error;
    }
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
