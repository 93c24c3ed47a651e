import { z } from 'zod';
import { versionPattern } from '../manifest/manifest';
import type { SmallFile } from './small-file';

/** Promotions that are remembered. */
const LIMIT = 100;

const schema = z.array(z.string().regex(versionPattern));

/**
 * The versions that were current, oldest first: what a rollback goes back to. It is a memory, not a truth, which the
 * link `current` is; so a file that is missing or broken is an empty memory.
 */
export class Promotions {
  constructor(private readonly file: SmallFile) {}

  /** Notes that `next` has become current after `previous`. */
  async push(previous: string | undefined, next: string, temporary: string): Promise<void> {
    const before = this.#upTo(await this.#read(), previous);
    if (before.at(-1) !== next) await this.#write([...before, next].slice(-LIMIT), temporary);
  }

  /** The versions that were current before `current`, the latest first. */
  async before(current: string): Promise<string[]> {
    return this.#upTo(await this.#read(), current)
      .slice(0, -1)
      .reverse();
  }

  /** Forgets what came after `version`. */
  async cutAfter(version: string, temporary: string): Promise<void> {
    await this.#write(this.#upTo(await this.#read(), version), temporary);
  }

  /** The list so that it ends in `version`, also where a killed process has not brought it up to date. */
  #upTo(versions: readonly string[], version: string | undefined): string[] {
    if (version === undefined) return [];
    const last = versions.lastIndexOf(version);
    return last === -1 ? [...versions, version] : versions.slice(0, last + 1);
  }

  async #read(): Promise<string[]> {
    try {
      return schema.parse(JSON.parse((await this.file.read()) ?? '[]'));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return [];
      throw error;
    }
  }

  async #write(versions: readonly string[], temporary: string): Promise<void> {
    await this.file.write(`${JSON.stringify(versions)}\n`, temporary);
  }
}
