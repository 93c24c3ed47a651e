import { randomBytes } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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
import { isErrno } from './files';
import { openVersion, readManifest } from './open-version';
import { Promotions } from './promotions';
import { publishFolder } from './publish';
import { StagingArea } from './staging';

export interface StoreOptions {
  /** The clock behind version names, `createdAt` and the age of what was left behind; default the system's. */
  readonly now?: () => Date;
}

/**
 * Versions of trained artifacts in a folder, of which one is current.
 *
 * Readers may come at any time. A process that is killed at any moment leaves `current` whole, or absent where there was
 * none. Writers of different versions do not disturb one another; of two that promote at once the later one wins.
 */
export class ModelStore {
  readonly root: string;
  readonly #now: () => Date;
  readonly #staging: StagingArea;
  readonly #current: CurrentLink;
  readonly #promotions: Promotions;

  constructor(root: string, { now = () => new Date() }: StoreOptions = {}) {
    this.root = resolve(root);
    this.#now = now;
    this.#staging = new StagingArea(join(this.root, '.staging'), now);
    this.#current = new CurrentLink(this.root);
    this.#promotions = new Promotions(join(this.root, 'promotions.json'));
  }

  /** Makes a folder to write a new version into, and deletes what killed processes have left. */
  async stage(): Promise<StagedArtifact> {
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
   * Turns a staged folder into a version: checksums, manifest, everything on the disk, rename; then makes it current.
   *
   * @param options.promote false publishes the version and leaves the current one as it is
   * @throws PublishError
   */
  async publish(
    staged: StagedArtifact,
    fields: ManifestFields,
    options: { readonly promote?: boolean } = {},
  ): Promise<Manifest> {
    const { version, folder } = staged;
    if (dirname(resolve(folder)) !== this.#staging.folder || !versionPattern.test(version)) {
      throw new PublishError(version, `${folder} was not staged in the store ${this.root}; stage it there.`);
    }
    const target = { folder: this.#folderOf(version), createdAt: this.#now().toISOString() };
    const manifest = await publishFolder(staged, fields, target);
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
    const current = await this.currentVersion();
    if (current === undefined) throw new NoCurrentVersionError(this.root);
    for (const version of await this.#promotions.before(current)) {
      if (version === current || !(await exists(this.#folderOf(version)))) continue;
      await this.open(version);
      await this.#current.pointTo(version, this.#temporary('current'));
      await this.#promotions.cutAfter(version, this.#temporary('promotions'));
      return version;
    }
    throw new NoPreviousVersionError(this.root);
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
    const folder = this.#folderOf(version);
    if (versionPattern.test(version) && (await exists(folder))) return folder;
    throw await this.#unknown(version);
  }

  async #makeCurrent(version: string): Promise<void> {
    await mkdir(this.#staging.folder, { recursive: true });
    const previous = await this.currentVersion();
    await this.#current.pointTo(version, this.#temporary('current'));
    await this.#promotions.push(previous, version, this.#temporary('promotions'));
  }

  async #describe(version: string, current: string | undefined): Promise<StoredVersion> {
    const isCurrent = version === current;
    try {
      return { version, isCurrent, manifest: await readManifest(this.#folderOf(version)) };
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
    try {
      const names = await readdir(join(this.root, 'versions'));
      return names.filter((name) => versionPattern.test(name)).toSorted();
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #folderOf(version: string): string {
    return join(this.root, 'versions', version);
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
