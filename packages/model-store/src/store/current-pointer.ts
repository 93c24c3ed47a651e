import type { SmallFile } from './small-file';
import { ArtifactFileError } from '../errors';
import { versionPattern } from '../manifest/manifest';

/** What says which version of a store is current. */
export interface CurrentPointer {
  /** @returns `undefined` where no version was ever promoted */
  read(): Promise<string | undefined>;
  /** @param temporary where a file on its way may lie, on the same file system */
  pointTo(version: string, temporary: string): Promise<void>;
}

/** The pointer of a store that has no links: the name of the version, in a small object. */
export class CurrentObject implements CurrentPointer {
  /** @param name what errors call it */
  constructor(
    private readonly object: SmallFile,
    private readonly name: string,
  ) {}

  /** @throws ArtifactFileError, BucketError */
  async read(): Promise<string | undefined> {
    const version = (await this.object.read())?.trim();
    if (version === undefined || versionPattern.test(version)) return version;
    const problem = `${this.name} does not hold the name of a version; promote the version that you want.`;
    throw new ArtifactFileError(this.name, 'foreign', problem);
  }

  async pointTo(version: string, temporary: string): Promise<void> {
    await this.object.write(`${version}\n`, temporary);
  }
}
