import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ConfigFolder {
  readonly path: string;
  /** @returns the path of a new file with this text */
  readonly fileWith: (text: string, name?: string) => string;
  /** The message of what is thrown, with this folder taken out of it. */
  readonly messageOf: (run: () => unknown) => string;
}

/** A folder for config files, deleted after the tests. Call at the top of a spec; the result is read inside tests. */
export function useConfigFolder(): ConfigFolder {
  let path = '';
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'config-'));
  });
  afterAll(() => {
    rmSync(path, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
    fileWith: (text, name = 'run.yaml') => {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    messageOf: (run) => {
      try {
        run();
      } catch (error) {
        if (error instanceof Error) return error.message.replaceAll(`${path}/`, '');
      }
      throw new Error('nothing was thrown');
    },
  };
}
