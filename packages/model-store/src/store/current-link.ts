import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArtifactFileError } from '../errors';
import type { CurrentPointer } from './current-pointer';
import { isErrno, sync } from './files';

/** The link `current` of a store. It is never edited: a new link takes its name, so readers see the old or the new. */
export class CurrentLink implements CurrentPointer {
  readonly path: string;

  constructor(private readonly root: string) {
    this.path = join(root, 'current');
  }

  /** @returns the version that it points to, `undefined` where there is no link */
  async read(): Promise<string | undefined> {
    try {
      return basename(await readlink(this.path));
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw this.#notALink(error);
    }
  }

  /** @param temporary where the new link is made, on the same file system */
  async pointTo(version: string, temporary: string): Promise<void> {
    await rm(temporary, { force: true });
    await symlink(join('versions', version), temporary);
    try {
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw isErrno(error, 'EISDIR', 'ENOTEMPTY', 'EEXIST') ? this.#notALink(error) : error;
    }
    await sync(this.root);
    await sync(dirname(temporary));
  }

  #notALink(cause: unknown): ArtifactFileError {
    return new ArtifactFileError(
      this.path,
      'foreign',
      `${this.path} is not a link to a version; move it away, then promote the version that you want.`,
      { cause },
    );
  }
}
