import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usingFile } from '@vector-recall/core-config/files';
import { Bucket } from '../bucket/bucket';
import { bucketLocationOf, localFolderOf } from '../bucket/location';
import { RemoteVersions } from '../bucket/remote-versions';
import {
  ArtifactFileError,
  NoCurrentVersionError,
  NoPreviousVersionError,
  PublishError,
  UnknownVersionError,
} from '../errors';
import { versionPattern, type Manifest, type ManifestFields } from '../manifest/manifest';
import type { Artifact, StagedArtifact, StoredVersion } from './artifact';
import { CurrentLink } from './current-link';
import { CurrentObject, type CurrentPointer } from './current-pointer';
import { isErrno } from './files';
import { openVersion, readManifest } from './open-version';
import { Promotions } from './promotions';
import { publishFolder } from './publish';
import { smallFile, smallObject } from './small-file';
import { StagingArea } from './staging';

export interface StoreOptions {
  /** The clock behind version names, `createdAt` and the age of what was left behind; default the system's. */
  readonly now?: () => Date;
}

export interface PublishOptions {
  /** `false` publishes the version and leaves the current one as it is. */
  readonly promote?: boolean;
  /** Opens what the store does not know, such as the index, as a reader will; what it throws ends the publication. */
  readonly check?: (artifact: Artifact) => Promise<void>;
}

/**
 * Versions of trained artifacts in a folder, of which one is current; or in a bucket (`s3://bucket/prefix`), where versions
 * are immutable objects, downloaded to this machine when they are opened, and the pointer to the current one is written last.
 *
 * Readers may come at any time. A process that is killed at any moment leaves `current` whole, or absent where there was
 * none. Writers of different versions do not disturb one another; of two that promote at once the later one wins.
 */
export class ModelStore {
  /** The folder, or the address of the bucket. */
  readonly root: string;
  /** The folder, or that of this machine for what is written to the bucket and was downloaded from it. */
  readonly #local: string;
  readonly #remote?: RemoteVersions;
  readonly #now: () => Date;
  readonly #staging: StagingArea;
  readonly #current: CurrentPointer;
  readonly #promotions: Promotions;

  constructor(root: string, { now = () => new Date() }: StoreOptions = {}) {
    const location = bucketLocationOf(root);
    this.root = location?.url ?? resolve(root);
    this.#local = localFolderOf(root);
    this.#now = now;
    this.#staging = new StagingArea(join(this.#local, '.staging'), now);
    if (location === undefined) {
      this.#current = new CurrentLink(this.root);
      this.#promotions = new Promotions(smallFile(join(this.root, 'promotions.json')));
    } else {
      const bucket = new Bucket(location);
      this.#remote = new RemoteVersions(bucket, join(this.#local, 'versions'));
      this.#current = new CurrentObject(smallObject(bucket, 'current'), `${location.url}/current`);
      this.#promotions = new Promotions(smallObject(bucket, 'promotions.json'));
    }
  }

  /**
   * Makes a folder to write a new version into, and deletes what killed processes have left.
   * @throws FileError
   */
  async stage(): Promise<StagedArtifact> {
    return usingFile(this.#local, 'written', () => this.#stage());
  }

  async #stage(): Promise<StagedArtifact> {
    await this.#staging.prune();
    const time = this.#now()
      .toISOString()
      .replace(/[-:]|\.\d+/g, '');
    for (;;) {
      const version = `${time}-${randomBytes(2).toString('hex')}`;
      if (await exists(this.#folderOf(version))) continue;
      try {
        return await this.#staging.create(version);
      } catch (error) {
        if (!isErrno(error, 'EEXIST')) throw error;
      }
    }
  }

  /**
   * Turns a staged folder into a version: checksums, manifest, everything on the disk, all of it read back, rename; then
   * makes it current.
   *
   * @throws PublishError, FileError
   */
  async publish(staged: StagedArtifact, fields: ManifestFields, options: PublishOptions = {}): Promise<Manifest> {
    const { version, folder } = staged;
    if (dirname(resolve(folder)) !== this.#staging.folder || !versionPattern.test(version)) {
      throw new PublishError(version, `${folder} was not staged in the store ${this.root}; stage it there.`);
    }
    const target = { folder: this.#folderOf(version), createdAt: this.#now().toISOString(), check: options.check };
    const manifest = await usingFile(folder, 'written', () => publishFolder(staged, fields, target));
    await this.#remote?.push(target.folder, manifest);
    if (options.promote !== false) await this.#makeCurrent(version);
    return manifest;
  }

  /**
   * Makes a version current, after all of its files were verified.
   * @throws UnknownVersionError, ArtifactFileError; the current version stays
   */
  async promote(version: string): Promise<void> {
    await this.open(version);
    await this.#makeCurrent(version);
  }

  /**
   * Makes the version current that was so before, and is still whole and in the store.
   *
   * @returns that version
   * @throws NoCurrentVersionError, NoPreviousVersionError, ArtifactFileError; the current version stays
   */
  async rollback(): Promise<string> {
    const version = await this.previousVersion();
    await this.open(version);
    await this.#current.pointTo(version, this.#temporary('current'));
    await this.#promotions.cutAfter(version, this.#temporary('promotions'));
    return version;
  }

  /**
   * The version that {@link rollback} goes back to.
   * @throws NoCurrentVersionError, NoPreviousVersionError
   */
  async previousVersion(): Promise<string> {
    const current = await this.currentVersion();
    if (current === undefined) throw new NoCurrentVersionError(this.root);
    const previous = await this.#before(current);
    if (previous === undefined) throw new NoPreviousVersionError(this.root);
    return previous;
  }

  /**
   * Deletes old versions. The newest ones stay, and always the current one and the one that a rollback goes back to. A
   * version vanishes at once for readers; a server that has it open goes on serving it.
   *
   * @param keep how many of the newest versions stay, at least 1
   * @returns the versions that were deleted, newest first
   * @throws FileError
   */
  async prune(keep: number): Promise<string[]> {
    return usingFile(this.#local, 'written', async () => {
      const old = (await this.list()).slice(keep);
      if (old.length > 0) await mkdir(this.#staging.folder, { recursive: true });
      const pruned: string[] = [];
      for (const { version } of old) {
        // Asked anew each time: a version may be promoted meanwhile.
        if ((await this.#inUse()).includes(version)) continue;
        await this.#remove(version);
        pruned.push(version);
      }
      return pruned;
    });
  }

  /** The current version, and the latest one before it that is still there. */
  async #inUse(): Promise<string[]> {
    const current = await this.currentVersion();
    if (current === undefined) return [];
    const previous = await this.#before(current);
    return previous === undefined ? [current] : [current, previous];
  }

  /** The latest version that was current before and is still there. */
  async #before(current: string): Promise<string | undefined> {
    for (const version of await this.#promotions.before(current)) {
      if (version !== current && (await this.#has(version))) return version;
    }
    return undefined;
  }

  /** The version that `current` points to, `undefined` where there is none. */
  async currentVersion(): Promise<string | undefined> {
    return this.#current.read();
  }

  /** All versions, newest first. Their files are not verified; a manifest that can't be read is told in `problem`. */
  async list(): Promise<StoredVersion[]> {
    const current = await this.currentVersion();
    const versions = await Promise.all((await this.#names()).map((version) => this.#describe(version, current)));
    const timeOf = ({ manifest, version }: StoredVersion): string =>
      manifest?.createdAt.replace(/[-:]/g, '') ?? version;
    return versions.toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  }

  /**
   * Opens a version after all of its files were verified.
   *
   * @param version default: the current one
   * @throws NoCurrentVersionError, UnknownVersionError, ArtifactFileError
   */
  async open(version?: string): Promise<Artifact> {
    const wanted = version ?? (await this.currentVersion());
    if (wanted === undefined) throw new NoCurrentVersionError(this.root);
    const folder = await this.locate(wanted);
    const artifact = await openVersion(folder);
    if (artifact.version !== wanted) {
      throw new ArtifactFileError(
        folder,
        'foreign',
        `${folder} holds the version ${artifact.version}; give the folder the name of its version.`,
      );
    }
    return artifact;
  }

  /**
   * The folder of a version, whose files are not verified.
   * @throws UnknownVersionError
   */
  async locate(version: string): Promise<string> {
    if (versionPattern.test(version)) {
      const folder = this.#folderOf(version);
      if (this.#remote !== undefined) {
        const fetched = await this.#remote.fetch(version);
        if (fetched !== undefined) return fetched;
      } else if (await exists(folder)) return folder;
    }
    throw await this.#unknown(version);
  }

  async #makeCurrent(version: string): Promise<void> {
    await usingFile(this.#local, 'written', async () => {
      await mkdir(this.#staging.folder, { recursive: true });
      const previous = await this.currentVersion();
      await this.#current.pointTo(version, this.#temporary('current'));
      await this.#promotions.push(previous, version, this.#temporary('promotions'));
    });
  }

  async #describe(version: string, current: string | undefined): Promise<StoredVersion> {
    const isCurrent = version === current;
    try {
      const manifest = await (this.#remote?.readManifest(version) ?? readManifest(this.#folderOf(version)));
      return { version, isCurrent, manifest };
    } catch (error) {
      if (error instanceof ArtifactFileError) return { version, isCurrent, problem: error.message };
      throw error;
    }
  }

  async #unknown(version: string): Promise<UnknownVersionError> {
    const known = (await this.#names()).toReversed();
    const list = known.length === 0 ? 'it is empty' : `it holds ${known.slice(0, 5).join(', ')}`;
    const more = known.length > 5 ? ` and ${known.length - 5} more` : '';
    return new UnknownVersionError(version, `The store ${this.root} has no version ${version}; ${list}${more}.`);
  }

  /** Version names, oldest first. */
  async #names(): Promise<string[]> {
    if (this.#remote !== undefined) return this.#remote.names();
    try {
      const names = await readdir(join(this.root, 'versions'));
      return names.filter((name) => versionPattern.test(name)).toSorted();
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #folderOf(version: string): string {
    return join(this.#local, 'versions', version);
  }

  async #has(version: string): Promise<boolean> {
    return this.#remote === undefined ? exists(this.#folderOf(version)) : this.#remote.has(version);
  }

  async #remove(version: string): Promise<void> {
    if (this.#remote !== undefined) return this.#remote.remove(version);
    const aside = this.#temporary(version);
    await rename(this.#folderOf(version), aside);
    await rm(aside, { recursive: true, force: true });
  }

  /** Links and files on their way to their place, in the staging area so that they are pruned with it. */
  #temporary(label: string): string {
    return join(this.#staging.folder, this.#staging.nameFor(`${label}-${randomBytes(4).toString('hex')}`));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
