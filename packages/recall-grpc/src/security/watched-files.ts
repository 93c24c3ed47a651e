import { readFile } from 'node:fs/promises';
import { SecretFileError, wordOf } from '../errors';

export interface WatchOptions {
  /** How often the files are read. Polling also sees the links that a mounted secret is switched by. */
  readonly refreshMs: number;
  /** Told why new contents are of no use; the ones before stay in force. Told once for each reason. */
  readonly warn: (error: SecretFileError) => void;
}

/**
 * Reads files, and reads them again for as long as the process lives.
 *
 * @param accept is given the contents, in the order of the files, at first and whenever any has changed; it throws a
 * SecretFileError for contents that are of no use, such as a certificate whose key is not written yet
 * @returns what stops the reading
 * @throws SecretFileError for what is wrong at first
 */
export async function watchFiles(
  files: readonly string[],
  accept: (contents: readonly Buffer[]) => void,
  { refreshMs, warn }: WatchOptions,
): Promise<() => void> {
  let contents = await readAll(files);
  accept(contents);
  let lastReason: string | undefined;

  const refresh = async (): Promise<void> => {
    try {
      const fresh = await readAll(files);
      if (fresh.every((content, i) => content.equals(contents[i]))) return;
      accept(fresh);
      contents = fresh;
      lastReason = undefined;
    } catch (error) {
      if (!(error instanceof SecretFileError)) throw error;
      if (error.message !== lastReason) warn(error);
      lastReason = error.message;
    }
  };
  const timer = setInterval(() => void refresh(), refreshMs).unref();
  return () => {
    clearInterval(timer);
  };
}

function readAll(files: readonly string[]): Promise<Buffer[]> {
  return Promise.all(
    files.map((file) =>
      readFile(file).catch((error: unknown) => {
        throw new SecretFileError(file, `${file} can't be read (${wordOf(error, 'code') ?? 'unreadable'}).`);
      }),
    ),
  );
}
