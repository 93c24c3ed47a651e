import { bucketLocationOf, ModelStore, readManifest, UnknownVersionError } from '@vector-recall/model-store';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NotAStoreError } from '../errors';

/** Where a host takes versions from. */
export interface VersionSource {
  readonly root: string;
  /** Whether the current version may change. */
  readonly changes: boolean;
  /** Whether its folder is not there yet; a bucket is taken to be there. */
  isMissing(): boolean;
  /** @throws ArtifactFileError where it can't be told */
  current(): Promise<string | undefined>;
  /**
   * The folder of a version.
   * @throws UnknownVersionError
   */
  locate(version: string): Promise<string>;
  /** @throws NotAStoreError */
  store(): ModelStore;
  /** All versions, newest first. */
  list(): Promise<readonly { readonly version: string; readonly isCurrent: boolean }[]>;
}

/** @param path root of a store, which may not be there yet, or the folder of one version */
export function versionSourceAt(path: string): VersionSource {
  if (bucketLocationOf(path) !== undefined) return storeOf(path);
  const root = resolve(path);
  return existsSync(join(root, 'manifest.json')) ? versionFolder(root) : storeOf(root);
}

/** A version of a source that stays the current one, whatever is promoted. */
export function pinned(source: VersionSource, version: string): VersionSource {
  return { ...source, changes: false, current: () => Promise.resolve(version) };
}

function storeOf(root: string): VersionSource {
  const store = new ModelStore(root);
  return {
    root: store.root,
    changes: true,
    isMissing: () => bucketLocationOf(root) === undefined && !existsSync(root),
    current: () => store.currentVersion(),
    locate: (version) => store.locate(version),
    list: () => store.list(),
    store: () => store,
  };
}

/** One version on its own, wherever it was copied to: it never changes. */
function versionFolder(root: string): VersionSource {
  const current = async () => (await readManifest(root)).version;
  return {
    root,
    changes: false,
    isMissing: () => false,
    current,
    locate: async (version) => {
      const only = await current();
      if (version === only) return root;
      throw new UnknownVersionError(version, `${root} is the version ${only} and holds no ${version}.`);
    },
    store: () => {
      throw new NotAStoreError(root);
    },
    list: async () => [{ version: await current(), isCurrent: true }],
  };
}
