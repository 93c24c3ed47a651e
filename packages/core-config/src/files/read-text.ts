import { closeSync, openSync, readSync } from 'node:fs';
import { FileContentError } from '../errors';
import { fileErrorOf } from './file-error';

/** Bytes per read call. */
const BLOCK = 1 << 16;

/**
 * Reads a text file whose size is bounded. Pipes are read too (`--config <(...)`), and a device without an end is
 * refused like a file that is too large.
 *
 * @param what the file is for, as in "The config file"
 * @param mostBytes the largest size that is accepted
 * @returns the text without a byte order mark
 * @throws FileError where the system refuses, FileContentError where it is too large or not UTF-8
 */
export function readTextFile(file: string, what: string, mostBytes: number): string {
  const bytes = readBounded(file, mostBytes + 1);
  if (bytes.length > mostBytes) {
    throw new FileContentError(file, `${what} ${file} is larger than ${sizeText(mostBytes)}; give a smaller file.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileContentError(file, `${what} ${file} is not UTF-8 text; save it as UTF-8.`, { cause });
  }
}

function readBounded(file: string, most: number): Buffer {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const blocks: Buffer[] = [];
    for (let length = 0; length < most;) {
      const block = Buffer.alloc(Math.min(BLOCK, most - length));
      const read = readSync(handle, block);
      if (read === 0) break;
      blocks.push(block.subarray(0, read));
      length += read;
    }
    return Buffer.concat(blocks);
  } catch (error) {
    throw fileErrorOf(file, 'read', error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function sizeText(bytes: number): string {
  return bytes >= 1 << 20 ? `${Math.floor(bytes / (1 << 20))} MiB` : `${Math.floor(bytes / 1024)} KiB`;
}
