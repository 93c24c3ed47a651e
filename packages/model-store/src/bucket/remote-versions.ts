import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artifactFiles } from '../artifact-files';
import { ArtifactFileError } from '../errors';
import { manifestFormatVersion, manifestSchema, versionPattern, type Manifest } from '../manifest/manifest';
import { parseVersionedJson } from '../read-json';
import { isErrno, sha256Of, sync, writeSynced } from '../store/files';
import type { Bucket } from './bucket';
import { withFetchLock } from './fetch-lock';

/** Downloaded versions that stay on this machine: the one in use, the one before it, and one on its way. */
const KEPT = 3;

/**
 * Versions as immutable objects below `versions/` of a bucket, and what was downloaded of them. The manifest of a version is
 * written last and deleted first: a version without one is not there.
 */
export class RemoteVersions {
  /** @param folder where versions are downloaded to */
  constructor(
    private readonly bucket: Bucket,
    private readonly folder: string,
  ) {}

  /** Version names, oldest first. */
  async names(): Promise<string[]> {
    const keys = await this.bucket.list('versions/');
    const ending = `/${artifactFiles.manifest}`;
    const names = keys
      .filter((key) => key.endsWith(ending))
      .map((key) => key.slice('versions/'.length, -ending.length));
    return names.filter((name) => versionPattern.test(name)).toSorted();
  }

  async has(version: string): Promise<boolean> {
    return (await this.bucket.readText(manifestKey(version))) !== undefined;
  }

  /** @throws ArtifactFileError, BucketError */
  async readManifest(version: string): Promise<Manifest> {
    const file = `${this.bucket.location.url}/${manifestKey(version)}`;
    const text = await this.bucket.readText(manifestKey(version));
    if (text === undefined)
      throw new ArtifactFileError(file, 'missing', `${file} is missing; publish the version again.`);
    return parseVersionedJson(file, text, manifestSchema, manifestFormatVersion);
  }

  /** Uploads a published version. @param folder that holds its files */
  async push(folder: string, { version, files }: Manifest): Promise<void> {
    for (const name of Object.keys(files)) await this.bucket.upload(join(folder, name), `versions/${version}/${name}`);
    await this.bucket.upload(join(folder, artifactFiles.manifest), manifestKey(version));
  }

  /**
   * Downloads a version, unless it is here. A download that was cut off is continued, and every file is compared with the
   * manifest before the version appears in the folder.
   *
   * @returns the folder of the version; `undefined` where the bucket does not have it
   * @throws ArtifactFileError, BucketError
   */
  async fetch(version: string): Promise<string | undefined> {
    const target = join(this.folder, version);
    if (await isThere(target)) return target;
    const text = await this.bucket.readText(manifestKey(version));
    if (text === undefined) return undefined;
    const manifest = parseVersionedJson(
      `${this.bucket.location.url}/${manifestKey(version)}`,
      text,
      manifestSchema,
      manifestFormatVersion,
    );
    const partial = join(dirname(this.folder), '.fetching', version);
    await mkdir(dirname(partial), { recursive: true });
    await withFetchLock(`${partial}.lock`, async () => {
      if (await isThere(target)) return;
      for (const [name, facts] of Object.entries(manifest.files)) {
        await this.#complete(`versions/${version}/${name}`, join(partial, name), facts);
      }
      const manifestFile = join(partial, artifactFiles.manifest);
      await rm(manifestFile, { force: true });
      await writeSynced(manifestFile, text);
      await mkdir(this.folder, { recursive: true });
      await rename(partial, target);
      await sync(this.folder);
      await this.#forgetOld(version);
    });
    return target;
  }

  async remove(version: string): Promise<void> {
    await this.bucket.remove([manifestKey(version)]);
    await this.bucket.remove(await this.bucket.list(`versions/${version}/`));
    await rm(join(this.folder, version), { recursive: true, force: true });
  }

  /** Brings a file to the length and the content that the manifest says. */
  async #complete(key: string, file: string, { bytes, sha256 }: Manifest['files'][string]): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    // What an earlier attempt has left may be wrong: then it is downloaded once from its beginning.
    for (const keep of [true, false]) {
      let size = keep ? await sizeOf(file) : 0;
      if (size === 0 || size > bytes) {
        await rm(file, { force: true });
        size = 0;
      }
      if (size < bytes || bytes === 0) await this.bucket.download(key, file, size);
      if ((await sizeOf(file)) === bytes && (await sha256Of(file)) === sha256) {
        await sync(file);
        return;
      }
    }
    const object = `${this.bucket.location.url}/${key}`;
    throw new ArtifactFileError(
      object,
      'damaged',
      `${object} is not what was published: it differs from the manifest; publish the version again.`,
    );
  }

  /** Servers that have one of them open keep what they have mapped. */
  async #forgetOld(version: string): Promise<void> {
    const now = new Date();
    await utimes(join(this.folder, version), now, now);
    const names = (await readdir(this.folder)).filter((name) => versionPattern.test(name));
    const times = await Promise.all(names.map(async (name) => (await stat(join(this.folder, name))).mtimeMs));
    const byAge = names.toSorted((a, b) => times[names.indexOf(b)] - times[names.indexOf(a)]);
    for (const name of byAge.slice(KEPT)) await rm(join(this.folder, name), { recursive: true, force: true });
  }
}

function manifestKey(version: string): string {
  return `versions/${version}/${artifactFiles.manifest}`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
