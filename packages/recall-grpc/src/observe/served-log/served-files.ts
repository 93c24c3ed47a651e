import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deleteOldest, describeImpressions, fileName, finishLeftovers, kinds, PART, type Kind } from './finished-files';
import type { ServedLines } from './served-lines';

export interface ServedFilesOptions {
  readonly folder: string;
  /** All finished files of the folder together; older ones are deleted. */
  readonly maxBytes: number;
  /** Of what is written at a time, both kinds together. */
  readonly fileBytes: number;
  /** For tests; default: a file that must be new. */
  readonly open?: (path: string) => number;
}

/** Files are finished after so long though they are small, so that they can be read. */
const MAX_AGE_MS = 3_600_000;

interface OpenFile {
  readonly kind: Kind;
  readonly handle: number;
  bytes: number;
}

interface OpenPair {
  readonly stem: string;
  /** Columns of its impressions: a file has the same in every line. */
  readonly columns: string;
  readonly since: number;
  readonly files: readonly OpenFile[];
}

/** The files of a log of answers: a pair that is written, and those that are finished. */
export class ServedFiles {
  #pair?: OpenPair;
  #count = 0;

  /** @throws the error of the file system where the folder can't be used */
  constructor(private readonly options: ServedFilesOptions) {
    const { folder } = options;
    mkdirSync(folder, { recursive: true });
    finishLeftovers(folder);
    this.#tidy();
  }

  /**
   * Writes the lines of an answer whole, or not at all.
   * @param columns of the context in its impressions
   * @throws the error of the file system
   */
  append({ request, impressions }: ServedLines, columns: readonly string[]): void {
    const bytes = { requests: Buffer.from(request), impressions: Buffer.from(impressions) };
    const pair = this.#pairFor(bytes.requests.length + bytes.impressions.length, columns.join('\n'));
    const before = pair.files.map((file) => file.bytes);
    try {
      for (const file of pair.files) writeWhole(file, bytes[file.kind]);
    } catch (error) {
      this.#takeBack(pair, before);
      throw error;
    }
  }

  /** Finishes what has been open for long. */
  finishOld(now = Date.now()): void {
    if (this.#pair !== undefined && now - this.#pair.since >= MAX_AGE_MS) this.finish();
  }

  /** Closes the pair that is written, for good. */
  finish(): void {
    const pair = this.#pair;
    if (pair === undefined) return;
    this.#pair = undefined;
    const { folder } = this.options;
    for (const { handle, kind } of pair.files) {
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      const path = join(folder, fileName(pair.stem, kind));
      renameSync(path + PART, path);
    }
    this.#tidy();
  }

  #tidy(): void {
    const { folder, maxBytes } = this.options;
    deleteOldest(folder, maxBytes);
    describeImpressions(folder);
  }

  #pairFor(bytes: number, columns: string): OpenPair {
    const pair = this.#pair;
    const written = pair?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0;
    const fits = written === 0 || written + bytes <= this.options.fileBytes;
    if (pair !== undefined && fits && pair.columns === columns) return pair;
    this.finish();
    return (this.#pair = this.#open(columns));
  }

  #open(columns: string): OpenPair {
    const { folder, open = openNew } = this.options;
    mkdirSync(folder, { recursive: true });
    const since = Date.now();
    const time = new Date(since).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const stem = `${time}-${process.pid}-${++this.#count}`;
    const files: OpenFile[] = [];
    try {
      for (const kind of kinds) files.push({ kind, handle: open(join(folder, fileName(stem, kind)) + PART), bytes: 0 });
    } catch (error) {
      for (const { handle } of files) closeSync(handle);
      throw error;
    }
    return { stem, columns, since, files };
  }

  /** Cuts off what was written of an answer. A pair that can't be mended is left to the next start, which takes it up. */
  #takeBack(pair: OpenPair, before: readonly number[]): void {
    try {
      for (const [i, file] of pair.files.entries()) {
        ftruncateSync(file.handle, before[i]);
        file.bytes = before[i];
      }
    } catch {
      this.#pair = undefined;
      for (const { handle } of pair.files) closeSync(handle);
    }
  }
}

function openNew(path: string): number {
  return openSync(path, 'ax');
}

/** A full disk may take a part. */
function writeWhole(file: OpenFile, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file.handle, bytes, written);
  file.bytes += bytes.length;
}
