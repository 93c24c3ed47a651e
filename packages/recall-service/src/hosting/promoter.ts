import type { Reload } from './model-host';
import { versionSourceAt, type VersionSource } from './version-source';

/** Promotes versions of the store that a server answers from, each after it was loaded: what can't be served is not promoted. */
export class Promoter {
  constructor(
    private readonly source: VersionSource,
    /** Has the server switch to a version. */
    private readonly load: (version: string) => Promise<Reload>,
  ) {}

  /** @param path root of a store, or the folder of one version */
  static at(path: string, load: (version: string) => Promise<Reload>): Promoter {
    return new Promoter(versionSourceAt(path), load);
  }

  /** @throws NotAStoreError, UnknownVersionError, ModelRefusedError; what is served and promoted then stays */
  async promote(version: string): Promise<Reload> {
    const store = this.source.store();
    const reload = await this.load(version);
    await store.promote(version);
    return reload;
  }

  /**
   * Promotes the version that was promoted before the present one.
   * @throws NotAStoreError, NoCurrentVersionError, NoPreviousVersionError, ModelRefusedError
   */
  async rollBack(): Promise<Reload> {
    const store = this.source.store();
    const reload = await this.load(await store.previousVersion());
    await store.rollback();
    return reload;
  }
}
