import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bucket } from '../bucket/bucket';
import { isErrno, sync, writeSynced } from './files';

/** A text that is replaced as a whole: readers see the old one or the new one. */
export interface SmallFile {
  /** @returns `undefined` where there is none */
  read(): Promise<string | undefined>;
  /** @param temporary where a file on its way may lie, on the same file system */
  write(text: string, temporary: string): Promise<void>;
}

export function smallFile(file: string): SmallFile {
  return {
    read: async () => {
      try {
        return await readFile(file, 'utf8');
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    write: async (text, temporary) => {
      await writeSynced(temporary, text);
      await rename(temporary, file);
      await sync(dirname(file));
    },
  };
}

export function smallObject(bucket: Bucket, key: string): SmallFile {
  return { read: () => bucket.readText(key), write: (text) => bucket.writeText(key, text) };
}
